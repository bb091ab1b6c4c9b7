package dev.gpucloud.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * JSON with a tag of its bytes, so that who has it already need not take it again.
 *
 * @param tag a strong entity tag, quotes included
 */
record Document(byte[] content, String tag) {
  static Document of(Buffer json) {
    byte[] content = json.getBytes();
    return new Document(content, "\"" + HexFormat.of().formatHex(sha256(content), 0, 16) + "\"");
  }

  /** Answers with it, or with 304 to a client that has it. */
  void send(Exchange exchange) {
    HttpServerResponse response = exchange.response();
    // to be kept, and to be asked for each time
    response.putHeader("Cache-Control", "no-cache").putHeader("ETag", tag);
    HeaderRules.secure(response.headers());
    exchange.request().resume();
    if (isNamedBy(exchange.request().getHeader("If-None-Match"))) {
      response.setStatusCode(304).end();
    } else {
      response.putHeader("Content-Type", "application/json").end(Buffer.buffer(content));
    }
  }

  private boolean isNamedBy(@Nullable String ifNoneMatch) {
    return ifNoneMatch != null
        && Arrays.stream(ifNoneMatch.split(","))
            .map(String::strip)
            .anyMatch(named -> named.equals("*") || named.equals(tag) || named.equals("W/" + tag));
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
