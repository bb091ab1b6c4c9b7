package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.gateway.fixture.FakeWorld;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway's own process, from its start to the signal that ends it. */
class StoppingIT {
  private static final Path JAR =
      Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath().normalize();

  @TempDir Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final FakeWorld world = new FakeWorld();

  @AfterEach
  void end() {
    world.stop();
  }

  @Test
  void aRequestUnderWayIsAnsweredBeforeTheProcessEnds() throws Exception {
    Map<String, String> settings = world.start();
    URI gateway = URI.create("http://127.0.0.1:" + settings.get("quarkus.http.test-port"));
    Path log = folder.resolve("gateway.log");
    Process process = start(settings, log);
    try {
      awaitReady(gateway, log);
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(
              HttpRequest.newBuilder(gateway.resolve("/api/v1/tenants/acme/held"))
                  .header("Authorization", "Bearer " + token())
                  .build(),
              BodyHandlers.ofString());
      for (int i = 0; i < 200 && FakeWorld.HELD.isEmpty(); i++) {
        Thread.sleep(50);
      }

      process.destroy(); // SIGTERM
      assertThat(process.waitFor(1, TimeUnit.SECONDS)).isFalse();
      FakeWorld.letGo();

      assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("{}");
      assertThat(answer.get().headers().firstValue("Connection")).contains("close");
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(log))
          .contains("gateway stopped")
          .doesNotContain("unavailable", "Pool closed", "Stopping with");
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(Map<String, String> settings, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC"));
    settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.add("-Dquarkus.profile=test"); // addresses without TLS, which others refuse
    command.add("-Dquarkus.http.port=" + settings.get("quarkus.http.test-port"));
    command.addAll(List.of("-jar", JAR.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private void awaitReady(URI gateway, Path log) throws IOException, InterruptedException {
    HttpRequest ready =
        HttpRequest.newBuilder(gateway.resolve("/q/health/live"))
            .timeout(Duration.ofSeconds(2))
            .build();
    for (int i = 0; i < 300; i++) {
      try {
        if (client.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        // it comes up
      }
      Thread.sleep(100);
    }
    throw new AssertionError("the gateway does not start: " + Files.readString(log));
  }

  private String token() {
    List<Object> given = new ArrayList<>();
    world.inject((value, fields) -> given.add(value));
    return EdgeCase.token(
        (String) given.getLast(),
        "gpucloud-api",
        EdgeCase.inAnHour(),
        (PrivateKey) given.getFirst());
  }
}
