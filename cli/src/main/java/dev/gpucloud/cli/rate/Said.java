package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** An entry of a list as it is written; {@code place} is where it is in its object. */
record Said(Fields within, String place, JsonNode node) {
  String of(String field) {
    return node.path(field).asText("").strip();
  }

  List<Said> list(String field) {
    var said = new ArrayList<Said>();
    for (int i = 0; i < node.path(field).size(); i++) {
      said.add(new Said(within, place + "/" + field + "/" + i, node.path(field).path(i)));
    }
    return said;
  }

  void wrong(String field, String what) {
    within.wrong(place + "/" + field, what);
  }
}
