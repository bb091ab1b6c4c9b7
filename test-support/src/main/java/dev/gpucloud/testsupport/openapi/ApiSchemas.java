package dev.gpucloud.testsupport.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.AnnotationKeyword;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The schemas of an OpenAPI 3.1 document, each by its JSON pointer. Stricter than the document: a
 * field that a schema does not name is a violation, so that it tells all there is.
 */
public final class ApiSchemas {
  private static final String DOCUMENT = "https://api.invalid/openapi";
  private static final String SAID = "properties";
  private static final String ELSE = "additionalProperties";

  private final JsonSchemaFactory factory;
  private final SchemaValidatorsConfig config =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
  private final Map<String, JsonSchema> known = new ConcurrentHashMap<>();

  public ApiSchemas(JsonNode document) {
    JsonNode strict = document.deepCopy();
    close(strict);
    JsonMetaSchema words =
        JsonMetaSchema.builder(JsonMetaSchema.getV202012())
            .unknownKeywordFactory((name, context) -> new AnnotationKeyword(name))
            .build();
    this.factory =
        JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder ->
                builder
                    .metaSchema(words)
                    .schemaLoaders(
                        loaders -> loaders.schemas(Map.of(DOCUMENT, strict.toString()))));
  }

  /** What of a value the schema at a pointer into the document does not allow, in order. */
  public List<String> violations(String pointer, JsonNode value) {
    return known.computeIfAbsent(pointer, this::load).validate(value).stream()
        .map(ValidationMessage::getMessage)
        .sorted()
        .toList();
  }

  private JsonSchema load(String pointer) {
    ObjectNode reference = JsonNodeFactory.instance.objectNode();
    return factory.getSchema(reference.put("$ref", DOCUMENT + "#" + pointer), config);
  }

  private static void close(JsonNode node) {
    node.forEach(ApiSchemas::close);
    if (node instanceof ObjectNode schema
        && schema.path(SAID).isObject()
        && schema.path("type").asText().equals("object")
        && !schema.has(ELSE)) {
      schema.put(ELSE, false);
    }
  }
}
