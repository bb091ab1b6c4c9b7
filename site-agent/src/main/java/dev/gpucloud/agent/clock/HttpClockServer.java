package dev.gpucloud.agent.clock;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** The development clock behind the supervisor's control API. */
final class HttpClockServer implements ClockServer {
  private static final String PARTICIPANT = "site-agent";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final URI base;
  private final String token;
  private final ObjectMapper json;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  HttpClockServer(URI base, String token, ObjectMapper json) {
    this.base = base;
    this.token = token;
    this.json = json;
  }

  @Override
  public ClockSetting current() throws IOException, InterruptedException {
    return read("/clock?participant=" + PARTICIPANT);
  }

  @Override
  public ClockSetting after(long version) throws IOException, InterruptedException {
    return read("/clock?after=" + version + "&participant=" + PARTICIPANT);
  }

  @Override
  public void acknowledge(long version) throws IOException, InterruptedException {
    byte[] body = json.writeValueAsBytes(Map.of("participant", PARTICIPANT, "version", version));
    HttpRequest request =
        request("/clock/acks")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    requireSuccess(http.send(request, BodyHandlers.ofByteArray()));
  }

  private ClockSetting read(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(request(path).GET().build(), BodyHandlers.ofByteArray());
    requireSuccess(answer);
    return json.readValue(answer.body(), ClockSetting.class);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token);
  }

  private static void requireSuccess(HttpResponse<byte[]> answer) throws IOException {
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(
          answer.request().method()
              + " "
              + answer.request().uri().getPath()
              + " answered "
              + answer.statusCode());
    }
  }
}
