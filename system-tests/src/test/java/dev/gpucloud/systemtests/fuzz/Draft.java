package dev.gpucloud.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request in the making: valid at first, then changed by mutations. Not thread-safe. */
final class Draft {
  static final ObjectMapper JSON = JsonMapper.builder().build();

  /** A header line, sent as it is. */
  record Header(String name, String value) {}

  final Operation operation;
  String method;
  String version = "HTTP/1.1";
  final List<String> segments = new ArrayList<>();

  /** Where in {@link #segments} the operation has parameters. */
  final List<Integer> variable = new ArrayList<>();

  final List<String> query = new ArrayList<>();
  final List<Header> headers = new ArrayList<>();
  @Nullable JsonNode body;
  byte @Nullable [] bytes;
  boolean framed = true;

  /** Whether what is sent is not HTTP, so that its parser may answer before the application can. */
  boolean notHttp;

  final List<String> changes = new ArrayList<>();

  Draft(Operation operation) {
    this.operation = operation;
    this.method = operation.method();
  }

  void set(String name, String value) {
    remove(name);
    headers.add(new Header(name, value));
  }

  void remove(String name) {
    headers.removeIf(header -> header.name().equalsIgnoreCase(name));
  }

  boolean hasBody() {
    return body != null || bytes != null;
  }

  /** Replaces the JSON by bytes that need not be any. */
  void raw(byte[] content) {
    body = null;
    bytes = content;
  }

  void raw(String content) {
    raw(content.getBytes(StandardCharsets.UTF_8));
  }

  String text() {
    return body == null
        ? new String(bytes == null ? new byte[0] : bytes, StandardCharsets.UTF_8)
        : JsonText.of(body);
  }

  byte[] content() {
    if (bytes != null) {
      return bytes;
    }
    return body == null ? new byte[0] : JsonText.of(body).getBytes(StandardCharsets.UTF_8);
  }

  String target() {
    String path = String.join("/", segments);
    return query.isEmpty() ? path : path + "?" + String.join("&", query);
  }
}
