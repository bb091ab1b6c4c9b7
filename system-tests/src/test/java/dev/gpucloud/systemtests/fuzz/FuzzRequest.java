package dev.gpucloud.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A finished request: where it comes from, who sends it, and its bytes on the wire. */
final class FuzzRequest {
  private static final int SHOWN = 4_000;

  private final long seed;
  private final long number;
  private final Caller caller;
  private final Draft draft;
  private final byte[] content;

  FuzzRequest(long seed, long number, Caller caller, Draft draft) {
    this.seed = seed;
    this.number = number;
    this.caller = caller;
    this.draft = draft;
    this.content = draft.content();
  }

  long number() {
    return number;
  }

  Caller caller() {
    return caller;
  }

  Operation operation() {
    return draft.operation;
  }

  String method() {
    return draft.method;
  }

  List<String> changes() {
    return List.copyOf(draft.changes);
  }

  boolean notHttp() {
    return draft.notHttp;
  }

  /** The JSON that is sent; null when it is none. */
  @Nullable JsonNode json() {
    return draft.body;
  }

  /**
   * Whether the caller can know this parameter or header: it is documented, or was sent; an address
   * that was changed may be another operation's.
   */
  boolean names(String parameter) {
    return has(parameter)
        || draft.changes.contains(AddressMutation.OTHER_PATH.name())
        || draft.operation.parameters().stream().anyMatch(one -> one.name().equals(parameter))
        || draft.query.stream().anyMatch(one -> one.startsWith(parameter + "="));
  }

  byte[] bytes(String host, @Nullable String token) {
    StringBuilder head = new StringBuilder();
    head.append(draft.method).append(' ').append(draft.target()).append(' ').append(draft.version);
    head.append("\r\n");
    if (!has("Host")) {
      head.append("Host: ").append(host).append("\r\n");
    }
    if (token != null && !has("Authorization")) {
      head.append("Authorization: Bearer ").append(token).append("\r\n");
    }
    for (Draft.Header header : draft.headers) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    if (draft.framed && (content.length > 0 || draft.operation.hasBody())) {
      head.append("Content-Length: ").append(content.length).append("\r\n");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.append("\r\n").toString().getBytes(wire()));
    all.writeBytes(content);
    return all.toByteArray();
  }

  /** Header values of our own are Latin-1, paths outside ASCII are sent as UTF-8. */
  private java.nio.charset.Charset wire() {
    return draft.target().chars().anyMatch(c -> c > 0xff)
        ? StandardCharsets.UTF_8
        : StandardCharsets.ISO_8859_1;
  }

  private boolean has(String name) {
    return draft.headers.stream().anyMatch(header -> header.name().equalsIgnoreCase(name));
  }

  /** The request as a command that sends it by itself, with {@code $TOKEN} of its caller. */
  String curl(String base) {
    StringBuilder line = new StringBuilder("curl -sig --path-as-is -X ").append(draft.method);
    line.append(' ').append(quoted(base + draft.target()));
    if (caller != Caller.NOBODY && !has("Authorization")) {
      line.append(" -H \"Authorization: Bearer $TOKEN\"");
    }
    for (Draft.Header header : draft.headers) {
      line.append(" -H ").append(quoted(header.name() + ": " + header.value()));
    }
    if (content.length > 0) {
      line.append(" --data-binary ")
          .append(quoted(new String(content, StandardCharsets.ISO_8859_1)));
    }
    return line.length() > SHOWN ? line.substring(0, SHOWN) + " ... (shortened)" : line.toString();
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("$'");
    for (char c : text.toCharArray()) {
      if (c == '\'' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || c > 0x7e) {
        out.append(c > 0xff ? "\\u%04x".formatted((int) c) : "\\x%02x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('\'').toString();
  }

  @Override
  public String toString() {
    return "seed %d number %d, %s as %s, %s"
        .formatted(seed, number, draft.operation, caller, draft.changes);
  }
}
