package dev.gpucloud.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.devstack.client.FullStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** The running product, started once for all system tests of a build. */
final class Product {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final FullStack STACK = FullStack.start();

  private Product() {}

  static FullStack stack() {
    return STACK;
  }

  /** The public API as a user of the scenario. */
  static Http as(String username) {
    return new Http(CLIENT, STACK.gatewayUrl(), STACK.token(username));
  }

  /** The public API with a token of the test's own making; empty for none. */
  static Http withToken(String token) {
    return new Http(CLIENT, STACK.gatewayUrl(), token);
  }

  /** Business time now. */
  static Instant now() {
    JsonNode clock = read(STACK.control("GET", "/clock", ""));
    return clock.hasNonNull("frozenAt")
        ? Instant.parse(clock.path("frozenAt").asText())
        : Instant.now().plusMillis(clock.path("offsetMillis").asLong());
  }

  static void freeze() {
    STACK.control("POST", "/clock/moves", "{\"mode\":\"FROZEN\"}");
  }

  static void run() {
    STACK.control("POST", "/clock/moves", "{\"mode\":\"RUNNING\"}");
  }

  static void advanceTo(Instant instant) {
    STACK.control("POST", "/clock/moves", "{\"advanceTo\":\"" + instant + "\"}");
  }

  /** Asks until the answer is there; fails after half a minute with the last one seen. */
  static JsonNode eventually(Supplier<JsonNode> question, String path, String wanted) {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
    while (true) {
      JsonNode seen = question.get();
      if (wanted.equals(seen.at(path).asText())) {
        return seen;
      }
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError(path + " did not become " + wanted + ": " + seen);
      }
      sleep();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
