package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.JsonNode;

/** An entry of a list as it is written; {@code place} is where it is in its object. */
record Said(Fields within, String place, JsonNode node) {
  String of(String field) {
    return node.path(field).asText("").strip();
  }

  void wrong(String field, String what) {
    within.wrong(place + "/" + field, what);
  }
}
