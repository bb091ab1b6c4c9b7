package dev.gpucloud.tenant.onboarding;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Parses bodies that may be JSON or YAML. A key that stands twice is an error, not a surprise. */
final class Documents {
  private static final ObjectMapper JSON = strict(new ObjectMapper());
  private static final ObjectMapper YAML = strict(new YAMLMapper());

  private Documents() {}

  /**
   * The document as a tree.
   *
   * @throws ProblemException BODY_TOO_LARGE, or MALFORMED_BODY with the line and column
   */
  static JsonNode parse(byte @Nullable [] body, @Nullable MediaType type, int maxBytes) {
    if (body != null && body.length > maxBytes) {
      throw ProblemType.BODY_TOO_LARGE
          .because("The document has %d bytes.".formatted(body.length))
          .with("limitBytes", maxBytes);
    }
    boolean yaml = type != null && type.getSubtype().contains("yaml");
    String format = yaml ? "YAML" : "JSON";
    try {
      JsonNode document = (yaml ? YAML : JSON).readTree(body == null ? new byte[0] : body);
      if (document == null || document.isMissingNode()) {
        throw ProblemType.MALFORMED_BODY.because("The body is empty.").at("", "is required");
      }
      return document;
    } catch (JacksonException e) {
      throw malformed(e, format);
    } catch (IOException e) {
      throw ProblemType.MALFORMED_BODY.because("The body cannot be read as " + format + ".");
    }
  }

  private static ProblemException malformed(JacksonException e, String format) {
    var at = e.getLocation();
    String place =
        at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    boolean twice = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
    return ProblemType.MALFORMED_BODY
        .because("The body is not valid " + format + place + ".")
        .at("", twice ? "a key stands twice" + place : "is not valid " + format + place);
  }

  private static ObjectMapper strict(ObjectMapper mapper) {
    return mapper
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }
}
