package dev.gpucloud.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The API's document, of the services' own as they lie in docs/openapi. */
final class Contract {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .build());
  private static final Path DOCUMENTS =
      Path.of(Objects.requireNonNull(System.getProperty("gpucloud.root")), "docs", "openapi");

  /** What clients out there were made from. */
  static final Path RELEASED = DOCUMENTS.resolve("released.yaml");

  private Contract() {}

  /** As the gateway answers it. */
  static JsonObject now() {
    List<OpenApiMerge.Source> sources = Stream.of(Upstream.values()).map(Contract::source).toList();
    return OwnApi.addTo(OpenApiMerge.merge(sources));
  }

  private static OpenApiMerge.Source source(Upstream upstream) {
    return new OpenApiMerge.Source(
        upstream, read(DOCUMENTS.resolve(upstream.serviceName() + ".yaml")));
  }

  static JsonObject read(Path yaml) {
    try {
      @SuppressWarnings("unchecked")
      Map<String, Object> fields = YAML.readValue(Files.readString(yaml), Map.class);
      return new JsonObject(new JsonObject(fields).encode());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static String yaml(JsonObject document) {
    try {
      return YAML.writeValueAsString(YAML.readTree(document.encode()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
