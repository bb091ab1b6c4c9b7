package dev.gpucloud.inventory.fleet;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/** An import's body in one of its forms: JSON or YAML for everything, CSV for announced hosts. */
interface FleetSource {
  ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  ObjectMapper YAML =
      YAMLMapper.builder(YAMLFactory.builder().loaderOptions(bounded()).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Reads it, noting what is wrong. */
  FleetDocument read(Violations violations);

  /** What a repeated request must repeat. */
  Object content();

  private static LoaderOptions bounded() {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(0);
    options.setNestingDepthLimit(20);
    options.setCodePointLimit(64 << 20);
    return options;
  }

  /**
   * The body as its content type says.
   *
   * @throws ProblemException BODY_TOO_LARGE or MALFORMED_BODY
   */
  static FleetSource of(byte @Nullable [] body, @Nullable MediaType type, long limitBytes) {
    if (body == null || body.length == 0) {
      throw ProblemType.MALFORMED_BODY.because("A body is required.").at("", "is empty");
    }
    if (body.length > limitBytes) {
      throw ProblemType.BODY_TOO_LARGE
          .because("The body is over " + limitBytes + " bytes.")
          .with("limitBytes", limitBytes);
    }
    String subtype = type == null ? "json" : type.getSubtype();
    return subtype.equals("csv") ? table(body) : tree(body, subtype.endsWith("yaml"));
  }

  private static FleetSource tree(byte[] body, boolean yaml) {
    return of(parse(body, yaml));
  }

  /** A document read already. */
  static FleetSource of(JsonNode document) {
    return new FleetSource() {
      @Override
      public FleetDocument read(Violations violations) {
        return new FleetReader(violations).read(document);
      }

      @Override
      public Object content() {
        return document;
      }
    };
  }

  private static FleetSource table(byte[] body) {
    String text = decoded(body);
    return new FleetSource() {
      @Override
      public FleetDocument read(Violations violations) {
        return new FleetReader(violations).readHosts(new HostTable(violations).rows(text));
      }

      @Override
      public Object content() {
        return text;
      }
    };
  }

  private static String decoded(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw ProblemType.MALFORMED_BODY
          .because("The body is not UTF-8 text.")
          .at("", "must be CSV in UTF-8");
    }
  }

  private static JsonNode parse(byte[] body, boolean yaml) {
    try {
      JsonNode document = (yaml ? YAML : JSON).readTree(body);
      if (document == null || document.isMissingNode() || document.isNull()) {
        throw ProblemType.MALFORMED_BODY.because("A body is required.").at("", "is empty");
      }
      return document;
    } catch (MismatchedInputException more) {
      throw second(yaml, more.getLocation());
    } catch (JsonProcessingException e) {
      throw malformed(yaml, e.getLocation());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A tree is of any shape, so that only what stands behind it can be unfit. */
  private static ProblemException second(boolean yaml, @Nullable JsonLocation at) {
    return ProblemType.MALFORMED_BODY
        .because(
            "The body is more than one document: another %s begins%s."
                .formatted(yaml ? "YAML document" : "JSON value", where(at)))
        .at("", "must be one document");
  }

  private static String where(@Nullable JsonLocation at) {
    return at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
  }

  private static ProblemException malformed(boolean yaml, @Nullable JsonLocation at) {
    String where = where(at);
    return ProblemType.MALFORMED_BODY
        .because("The body is not well-formed %s%s.".formatted(yaml ? "YAML" : "JSON", where))
        .at("", yaml ? "must be well-formed YAML without anchors" : "must be well-formed");
  }
}
