package dev.gpucloud.gateway.sessions;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A browser that somebody has logged in with, as its cookie holds it. There is no access token in
 * it: each replica gets its own with the refresh token.
 *
 * @param id names it here; no secret
 * @param csrfToken what its pages prove with that a request is theirs
 * @param openedAt when it was logged in
 * @param refreshedAt when the refresh token was given out
 * @param usedAt when it was last seen to be used, to a minute
 */
public record Session(
    String id,
    String subject,
    String username,
    @Nullable String name,
    String csrfToken,
    String refreshToken,
    Instant openedAt,
    Instant refreshedAt,
    Instant usedAt) {

  /** How long its use is not written down anew. */
  private static final Duration USE = Duration.ofMinutes(1);

  static Session of(JsonObject json) {
    return new Session(
        json.getString("id"),
        json.getString("sub"),
        json.getString("username"),
        json.getString("name"),
        json.getString("csrf"),
        json.getString("refresh"),
        Instant.ofEpochMilli(json.getLong("openedAt")),
        Instant.ofEpochMilli(json.getLong("refreshedAt")),
        Instant.ofEpochMilli(json.getLong("usedAt")));
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("sub", subject)
        .put("username", username)
        .put("name", name)
        .put("csrf", csrfToken)
        .put("refresh", refreshToken)
        .put("openedAt", openedAt.toEpochMilli())
        .put("refreshedAt", refreshedAt.toEpochMilli())
        .put("usedAt", usedAt.toEpochMilli());
  }

  Session refreshed(String token, Instant now) {
    return new Session(id, subject, username, name, csrfToken, token, openedAt, now, usedAt);
  }

  Session used(Instant now) {
    return new Session(
        id, subject, username, name, csrfToken, refreshToken, openedAt, refreshedAt, now);
  }

  /** The one of two states of a session that has the later refresh token. */
  Session later(Session other) {
    return other.refreshedAt.isAfter(refreshedAt) ? other : this;
  }

  /** Whether the browser should keep this one in place of what it sent. */
  boolean isNewsTo(Session sent, Instant now) {
    return refreshedAt.isAfter(sent.refreshedAt) || !now.isBefore(sent.usedAt.plus(USE));
  }

  /** Proves that a request comes from a page of this session's. */
  public boolean isProvenBy(@Nullable String token) {
    return token != null && Secrets.same(csrfToken, token);
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "Session[" + id + " of " + subject + "]";
  }
}
