package dev.gpucloud.kit.clock;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.kit.config.KitConfig;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Follows the business clock of a development stack: fetches it before the service becomes ready,
 * then waits for moves and acknowledges each. Without a clock address it does nothing; in the prod
 * profile a clock address keeps the service from starting.
 */
@ApplicationScoped
class DevClock {
  private static final Logger LOG = Logger.getLogger(DevClock.class);
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(30);
  private static final Duration LONG_POLL = Duration.ofSeconds(30);
  private static final int BEFORE_CONSUMERS = 100;

  private final KitConfig.Clock config;
  private final BusinessClock clock;
  private final ObjectMapper json;
  private final String participant;
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile boolean stopped;

  DevClock(
      KitConfig config,
      @Business BusinessClock clock,
      ObjectMapper json,
      @ConfigProperty(name = "quarkus.application.name") String participant) {
    this.config = config.clock();
    this.clock = clock;
    this.json = json.copy().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    this.participant = participant;
  }

  void start(@Observes @Priority(BEFORE_CONSUMERS) StartupEvent event) throws Exception {
    if (config.url().isEmpty()) {
      return;
    }
    if (LaunchMode.current() == LaunchMode.NORMAL && ConfigUtils.isProfileActive("prod")) {
      throw new IllegalStateException(
          "gpucloud.clock.url is set in the prod profile. A production service uses the system"
              + " clock: remove GPUCLOUD_CLOCK_URL.");
    }
    firstState();
    Thread.ofVirtual().name("dev-clock").start(this::follow);
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
    http.shutdownNow();
  }

  private void firstState() throws InterruptedException {
    long deadline = System.nanoTime() + FIRST_ANSWER.toNanos();
    while (true) {
      try {
        take(fetch(""));
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("no business clock at " + config.url().orElse(""), e);
        }
        Thread.sleep(200);
      }
    }
  }

  private void follow() {
    while (!stopped) {
      try {
        take(fetch("&after=" + clock.state().version()));
      } catch (IOException e) {
        pause(e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void pause(IOException e) {
    if (!stopped) {
      LOG.debugf("business clock not reachable: %s", e.getMessage());
      try {
        Thread.sleep(500);
      } catch (InterruptedException interrupted) {
        stopped = true;
      }
    }
  }

  private void take(ClockState state) throws IOException, InterruptedException {
    clock.follow(state);
    var ack = Map.of("participant", participant, "version", clock.state().version());
    send(
        request("/clock/acks")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(ack)))
            .build());
  }

  private ClockState fetch(String after) throws IOException, InterruptedException {
    return json.readValue(
        send(request("/clock?participant=" + participant + after).GET().build()), ClockState.class);
  }

  private byte[] send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("the business clock answered " + answer.statusCode());
    }
    return answer.body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(config.url().orElseThrow() + path))
        .timeout(LONG_POLL)
        .header("Authorization", "Bearer " + config.token().orElse(""));
  }
}
