package dev.gpucloud.gateway;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What the gateway itself answers, as a part of the API's document. */
final class OwnApi {
  private static final String PATHS = read();

  private OwnApi() {}

  static JsonObject addTo(JsonObject document) {
    document.getJsonObject("paths").mergeIn(new JsonObject(PATHS));
    return document;
  }

  private static String read() {
    try (InputStream file = OwnApi.class.getResourceAsStream("own-api.json")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
