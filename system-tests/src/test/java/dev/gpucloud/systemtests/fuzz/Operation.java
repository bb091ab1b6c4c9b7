package dev.gpucloud.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * One operation of the API's document; references in its schemas are not resolved yet.
 *
 * @param examples of its body by content type, where one stands beside the schema
 */
record Operation(
    String method,
    String path,
    List<Parameter> parameters,
    JsonNode bodySchema,
    List<String> contentTypes,
    Map<String, JsonNode> examples) {

  /** A parameter: {@code in} is path, query or header; {@code example} may be missing. */
  record Parameter(String name, String in, JsonNode schema, JsonNode example) {}

  boolean hasBody() {
    return !contentTypes.isEmpty();
  }

  List<Parameter> in(String place) {
    return parameters.stream().filter(parameter -> parameter.in().equals(place)).toList();
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
