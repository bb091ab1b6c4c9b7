package dev.gpucloud.gateway;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Set;

/**
 * Which answers are worth compressing for a client that takes it: text of more than a packet. The
 * server compresses whatever names no encoding; all else is named {@code identity}, which it does
 * not tell the client.
 */
final class Compression {
  private static final String ENCODING = "Content-Encoding";
  private static final String IDENTITY = "identity";
  private static final long LEAST_BYTES = 1024;
  private static final Set<String> TEXT =
      Set.of(
          "application/json",
          "application/problem+json",
          "application/x-ndjson",
          "application/yaml",
          "application/xml",
          "text/csv",
          "text/html",
          "text/plain",
          "text/xml");

  private Compression() {}

  /** Sets the encoding of an answer whose other headers are all set. */
  static void choose(MultiMap request, MultiMap answer) {
    if (request.contains("Accept-Encoding")) {
      answer.add("Vary", "Accept-Encoding");
      boolean isOpen = !answer.contains(ENCODING) || answer.contains(ENCODING, IDENTITY, true);
      if (isOpen && isWorthIt(answer)) {
        answer.remove(ENCODING);
      } else if (isOpen) {
        answer.set(ENCODING, IDENTITY);
      }
    }
  }

  /** What has no body does not pass the compression that would keep the word from the client. */
  static void chooseNone(MultiMap answer) {
    if (answer.contains(ENCODING, IDENTITY, true)) {
      answer.remove(ENCODING);
    }
  }

  private static boolean isWorthIt(MultiMap answer) {
    String type = answer.get("Content-Type");
    if (type == null) {
      return false;
    }
    String plain = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    String length = answer.get("Content-Length");
    return TEXT.contains(plain) && (length == null || Long.parseLong(length) >= LEAST_BYTES);
  }
}
