package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.testsupport.openapi.ApiSchemas;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * Every operation with a body shows one, and every example of the document is what its own schema
 * allows, in requests, in answers and of parameters.
 */
class ExamplesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final JsonNode document = json(Contract.now());

  @Test
  void everyOperationWithABodyHasAnExampleOfIt() {
    List<String> without = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        JsonNode content = operation.getValue().at("/requestBody/content");
        if (!content.isEmpty() && content.valueStream().noneMatch(this::hasExample)) {
          without.add(operation.getKey() + " " + path.getKey());
        }
      }
    }

    assertThat(without).isEmpty();
  }

  @Test
  void everyExampleIsAsItsSchemaSays() {
    var schemas = new ApiSchemas(document);
    List<String> wrong = new ArrayList<>();
    var seen = new ArrayList<String>();
    examples(
        document,
        "",
        (schema, example) -> {
          seen.add(schema);
          schemas
              .violations(schema, example)
              .forEach(violation -> wrong.add(schema + ": " + violation));
        });

    assertThat(wrong).isEmpty();
    assertThat(seen).hasSizeGreaterThan(250);
  }

  @Test
  void seesAnExampleThatIsWrong() {
    JsonObject changed = Contract.now();
    changed
        .getJsonObject("components")
        .getJsonObject("schemas")
        .getJsonObject("CreateProject")
        .getJsonObject("properties")
        .remove("slug");

    assertThat(
            new ApiSchemas(json(changed))
                .violations(
                    "/components/schemas/CreateProject",
                    document.at("/components/schemas/CreateProject/examples/0")))
        .singleElement()
        .asString()
        .contains("slug");
  }

  private boolean hasExample(JsonNode media) {
    JsonNode schema = media.path("schema");
    JsonNode of =
        schema.has("$ref") ? document.at(schema.path("$ref").asText().substring(1)) : schema;
    return media.has("example")
        || media.has("examples")
        || schema.has("examples")
        || of.has("examples");
  }

  /** Tells of each example with the pointer of its schema. */
  private static void examples(JsonNode node, String at, BiConsumer<String, JsonNode> each) {
    if (node.path("examples").isArray()) {
      node.path("examples").forEach(example -> each.accept(at, example));
    }
    if (node.has("schema")) {
      String schema = at + "/schema";
      if (node.has("example")) {
        each.accept(schema, node.path("example"));
      }
      node.path("examples").forEach(example -> each.accept(schema, example.path("value")));
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getKey().startsWith("example")) {
        String name = field.getKey().replace("~", "~0").replace("/", "~1");
        examples(field.getValue(), at + "/" + name, each);
      }
    }
  }

  private static JsonNode json(JsonObject document) {
    try {
      return JSON.readTree(document.encode());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
