package dev.gpucloud.devstack.layout;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * The few HTTP calls of the dev stack, by the JDK's oldest client: it costs next to nothing to
 * load.
 */
public final class Http {
  private Http() {}

  /** An answer with its body as text. */
  public record Answer(int status, String body) {}

  /** The status of a GET, or 0 when nobody answers in time. */
  public static int status(String url, Duration patience) {
    try {
      return send("GET", url, Map.of(), "", patience).status();
    } catch (IOException _) {
      return 0;
    }
  }

  /** Sends a request; an empty body is not sent. */
  public static Answer send(
      String method, String url, Map<String, String> headers, String body, Duration patience)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout((int) patience.toMillis());
    connection.setReadTimeout((int) patience.toMillis());
    connection.setRequestMethod(method);
    headers.forEach(connection::setRequestProperty);
    if (!body.isEmpty()) {
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body.getBytes(StandardCharsets.UTF_8));
      }
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      return new Answer(
          status, in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
