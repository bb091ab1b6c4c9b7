package dev.gpucloud.devstack.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.cli.CliException;
import dev.gpucloud.cli.ExitCode;
import dev.gpucloud.cli.Json;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's control API as the demo uses it: the business clock, and the killing of
 * components.
 */
final class StackControl {
  private static final Duration ONE_ANSWER = Duration.ofSeconds(90);
  private static final Duration CLOCK_PATIENCE = Duration.ofMinutes(4);

  private final HttpClient http;
  private final URI address;
  private final String token;

  StackControl(HttpClient http, URI address, String token) {
    this.http = http;
    this.address = address;
    this.token = token;
  }

  /** The control API of the stack whose data folder this is. */
  static StackControl of(HttpClient http, Path home) {
    Properties stack = new Properties();
    try (Reader reader = Files.newBufferedReader(home.resolve("stack.properties"))) {
      stack.load(reader);
    } catch (IOException e) {
      throw notRunning();
    }
    String url = stack.getProperty("control.url");
    String token = stack.getProperty("control.token");
    if (url == null || token == null) {
      throw notRunning();
    }
    return new StackControl(http, URI.create(url), token);
  }

  /** Business time now. */
  Instant now() {
    JsonNode clock = call("GET", "/clock", null);
    return clock.hasNonNull("frozenAt")
        ? Instant.parse(clock.path("frozenAt").asText())
        : Instant.now().plusMillis(clock.path("offsetMillis").asLong());
  }

  void freeze() {
    move(body("mode", "FROZEN"));
  }

  void run() {
    move(body("mode", "RUNNING"));
  }

  /** Goes to the instant and stands there; to repeat it is harmless. */
  void advanceTo(Instant instant) {
    move(body("advanceTo", instant.toString()));
  }

  List<String> components() {
    List<String> names = new ArrayList<>();
    call("GET", "/components", null).forEach(c -> names.add(c.path("name").asText()));
    return names;
  }

  void kill(String component) {
    call("POST", "/components/" + component + "/kill", null);
  }

  /** A participant that is being restarted acknowledges late: the move is made, so ask again. */
  private void move(JsonNode move) {
    long deadline = System.nanoTime() + CLOCK_PATIENCE.toNanos();
    while (true) {
      Answer answer = exchange("POST", "/clock/moves", move);
      if (answer.status() < 400) {
        return;
      }
      if (answer.status() < 500 || System.nanoTime() > deadline) {
        throw refused(answer);
      }
    }
  }

  private JsonNode call(String method, String path, @Nullable JsonNode body) {
    Answer answer = exchange(method, path, body);
    if (answer.status() >= 400) {
      throw refused(answer);
    }
    return answer.body();
  }

  private Answer exchange(String method, String path, @Nullable JsonNode body) {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve(path))
            .timeout(ONE_ANSWER)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), Json.MAPPER.readTree(answer.body()));
    } catch (JsonProcessingException e) {
      throw new CliException(ExitCode.UNAVAILABLE, "The supervisor's answer is not JSON.");
    } catch (IOException e) {
      throw notRunning();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.INTERNAL, "Interrupted.");
    }
  }

  private static JsonNode body(String name, String value) {
    return Json.object().put(name, value);
  }

  private static CliException refused(Answer answer) {
    return new CliException(
        answer.status() == 404 ? ExitCode.NOT_FOUND : ExitCode.REFUSED,
        "The supervisor refused: "
            + answer.body().path("detail").asText("status " + answer.status()));
  }

  private static CliException notRunning() {
    return new CliException(
        ExitCode.UNAVAILABLE, "The stack is not running.", "what to do: ./gpucloud up");
  }

  private record Answer(int status, JsonNode body) {}
}
