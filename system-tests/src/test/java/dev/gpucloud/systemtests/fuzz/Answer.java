package dev.gpucloud.systemtests.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** What came back; status 0 when nothing did. Header names are in lower case. */
record Answer(int status, Map<String, String> headers, byte[] body, String failure) {

  static Answer none(String failure) {
    return new Answer(0, Map.of(), new byte[0], failure);
  }

  String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
