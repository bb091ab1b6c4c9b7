package dev.gpucloud.gateway.sessions;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/**
 * A login that has begun: what must come back with the browser that began it.
 *
 * @param state ties the identity provider's answer to this browser
 * @param nonce ties the ID token to this login
 * @param verifier proves to the identity provider that who shows the code asked for it
 */
public record Login(
    String state, String nonce, String verifier, ReturnPath returnTo, Instant expiresAt) {

  static Login begin(ReturnPath returnTo, Instant now, Duration timeout) {
    return new Login(Secrets.next(), Secrets.next(), Secrets.next(), returnTo, now.plus(timeout));
  }

  static Login of(JsonObject json) {
    return new Login(
        json.getString("state"),
        json.getString("nonce"),
        json.getString("verifier"),
        ReturnPath.of(json.getString("returnTo")),
        Instant.ofEpochSecond(json.getLong("expiresAt")));
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("state", state)
        .put("nonce", nonce)
        .put("verifier", verifier)
        .put("returnTo", returnTo.text())
        .put("expiresAt", expiresAt.getEpochSecond());
  }

  boolean isOver(Instant now) {
    return !now.isBefore(expiresAt);
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "Login[to " + returnTo.text() + "]";
  }
}
