package dev.gpucloud.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The environment variables that a workload's container gets, with the values that are plain. */
final class Environment {
  private static final String FROM_SECRET = "<secret>";

  private Environment() {}

  static Map<String, String> of(List<JsonNode> objects, JsonNode workload) {
    Map<String, String> variables = new TreeMap<>();
    JsonNode container = workload.at("/spec/template/spec/containers/0");
    container
        .path("envFrom")
        .forEach(
            from -> {
              JsonNode map = configMap(objects, from.at("/configMapRef/name").asText());
              map.path("data")
                  .properties()
                  .forEach(entry -> variables.put(entry.getKey(), entry.getValue().asText()));
            });
    container
        .path("env")
        .forEach(
            one -> variables.put(one.path("name").asText(), one.path("value").asText(FROM_SECRET)));
    return variables;
  }

  private static JsonNode configMap(List<JsonNode> objects, String name) {
    return objects.stream()
        .filter(object -> object.path("kind").asText().equals("ConfigMap"))
        .filter(object -> object.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no ConfigMap " + name));
  }
}
