package dev.gpucloud.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The API's OpenAPI document, as the gateway serves it. */
final class ApiDocument {
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "patch", "head", "options");

  private final JsonNode root;
  private final List<Operation> operations;

  ApiDocument(JsonNode root) {
    this.root = root;
    List<Operation> found = new ArrayList<>();
    root.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().properties().stream()
                    .filter(method -> METHODS.contains(method.getKey()))
                    .map(
                        method ->
                            operation(
                                path.getKey(), method.getKey(), path.getValue(), method.getValue()))
                    .forEach(found::add));
    this.operations = List.copyOf(found);
  }

  List<Operation> operations() {
    return operations;
  }

  /** The schema itself, or what it refers to; keywords beside a reference add to it. */
  JsonNode resolved(JsonNode schema) {
    JsonNode at = schema;
    for (int depth = 0; at.has("$ref") && depth < 20; depth++) {
      at = root.at(at.path("$ref").asText().substring(1));
    }
    return at;
  }

  private static Operation operation(String path, String method, JsonNode item, JsonNode node) {
    List<Operation.Parameter> parameters = new ArrayList<>();
    for (JsonNode list : List.of(item.path("parameters"), node.path("parameters"))) {
      list.forEach(
          one ->
              parameters.add(
                  new Operation.Parameter(
                      one.path("name").asText(),
                      one.path("in").asText(),
                      one.path("schema"),
                      one.path("example"))));
    }
    List<String> types = new ArrayList<>();
    JsonNode content = node.path("requestBody").path("content");
    content.fieldNames().forEachRemaining(types::add);
    Map<String, JsonNode> examples = new HashMap<>();
    for (String type : types) {
      if (content.path(type).has("example")) {
        examples.put(type, content.path(type).path("example"));
      }
    }
    JsonNode body = types.isEmpty() ? content : content.path(types.getFirst()).path("schema");
    return new Operation(
        method.toUpperCase(Locale.ROOT),
        path,
        List.copyOf(parameters),
        body,
        List.copyOf(types),
        Map.copyOf(examples));
  }
}
