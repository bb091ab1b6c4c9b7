package dev.gpucloud.systemtests.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.testsupport.openapi.ApiSchemas;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What the API's document declares: operations, their examples, and the form of every answer. */
final class Declared {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

  private final JsonNode document;
  private final ApiSchemas schemas;
  private final Map<String, Operation> operations = new TreeMap<>();

  /** An operation by its name, such as {@code GET /api/v1/me}. */
  record Operation(String method, String path, JsonNode node) {
    /** What the document gives as an example of a parameter in the query, if anything. */
    Optional<String> queryExample(String name) {
      return StreamSupport.stream(node.path("parameters").spliterator(), false)
          .filter(one -> one.path("in").asText().equals("query"))
          .filter(one -> one.path("name").asText().equals(name) && one.has("example"))
          .map(one -> one.path("example").asText())
          .findFirst();
    }

    boolean takesHeader(String name) {
      return StreamSupport.stream(node.path("parameters").spliterator(), false)
          .anyMatch(parameter -> parameter.path("name").asText().equals(name));
    }

    boolean hasBody() {
      return !node.at("/requestBody/content").isEmpty();
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  Declared(JsonNode document) {
    this.document = document;
    this.schemas = new ApiSchemas(document);
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (METHODS.contains(method.getKey())) {
          String verb = method.getKey().toUpperCase(Locale.ROOT);
          var operation = new Operation(verb, path.getKey(), method.getValue());
          operations.put(operation.toString(), operation);
        }
      }
    }
  }

  Operation operation(String name) {
    Operation found = operations.get(name);
    if (found == null) {
      throw new AssertionError("the document has no operation " + name);
    }
    return found;
  }

  List<Operation> withBody() {
    return operations.values().stream().filter(Operation::hasBody).toList();
  }

  /** All that only read, lists before what is in them. */
  List<Operation> reads() {
    return operations.values().stream()
        .filter(operation -> operation.method().equals("GET"))
        .sorted(Comparator.comparingInt(operation -> operation.path().split("/").length))
        .toList();
  }

  /** Variables that stand right below a path in longer ones. */
  Set<String> variablesBelow(String path) {
    return operations.values().stream()
        .map(Operation::path)
        .filter(longer -> longer.startsWith(path + "/{"))
        .map(longer -> longer.substring(path.length() + 2))
        .map(rest -> rest.substring(0, rest.indexOf('}')))
        .collect(Collectors.toSet());
  }

  /** The example of a body, as text, by each media type that has one. */
  Map<String, String> examples(Operation operation) {
    Map<String, String> found = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> media :
        operation.node().at("/requestBody/content").properties()) {
      JsonNode example = example(media.getValue());
      if (!example.isMissingNode()) {
        String type = media.getKey().equals("*/*") ? "application/json" : media.getKey();
        found.put(type, example.isTextual() ? example.asText() : example.toString());
      }
    }
    return found;
  }

  private JsonNode example(JsonNode media) {
    JsonNode schema = media.path("schema");
    for (JsonNode place :
        List.of(
            media.path("example"),
            media.at("/examples/0/value"),
            schema.at("/examples/0"),
            document.at(schema.path("$ref").asText("#").substring(1)).at("/examples/0"))) {
      if (!place.isMissingNode()) {
        return place;
      }
    }
    return media.path("example");
  }

  /** In what ways an answer is not as declared for its operation. */
  List<String> violations(Operation operation, Answer answer) {
    JsonNode declared = operation.node().path("responses").path(Integer.toString(answer.status()));
    if (declared.isMissingNode()) {
      return List.of("status " + answer.status() + " is not declared");
    }
    JsonNode content = declared.path("content");
    if (content.isEmpty()) {
      return answer.body().isEmpty() || answer.status() == 304
          ? List.of()
          : List.of("no body is declared for " + answer.status());
    }
    JsonNode media = content.path(answer.mediaType());
    if (media.isMissingNode()) {
      return List.of("'%s' is not declared for %d".formatted(answer.mediaType(), answer.status()));
    }
    if (!answer.mediaType().endsWith("json") || answer.mediaType().endsWith("ndjson")) {
      return List.of();
    }
    return ofJson(operation, answer);
  }

  private List<String> ofJson(Operation operation, Answer answer) {
    String pointer =
        "/paths/%s/%s/responses/%d/content/%s/schema"
            .formatted(
                escaped(operation.path()),
                operation.method().toLowerCase(Locale.ROOT),
                answer.status(),
                escaped(answer.mediaType()));
    try {
      return new ArrayList<>(schemas.violations(pointer, JSON.readTree(answer.body())));
    } catch (IOException e) {
      return List.of("is no JSON");
    }
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
