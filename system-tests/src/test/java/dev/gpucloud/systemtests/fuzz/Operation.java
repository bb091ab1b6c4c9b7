package dev.gpucloud.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** One operation of the API's document; references in its schemas are not resolved yet. */
record Operation(
    String method,
    String path,
    List<Parameter> parameters,
    JsonNode bodySchema,
    List<String> contentTypes) {

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
