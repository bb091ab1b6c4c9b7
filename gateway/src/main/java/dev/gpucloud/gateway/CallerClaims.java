package dev.gpucloud.gateway;

import dev.gpucloud.contracts.key.KeyActions;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.gateway.events.engine.KeyLimit;
import dev.gpucloud.gateway.events.engine.Role;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a token that was verified says beside its subject: its end, and the limits of a key. */
record CallerClaims(Instant expiry, @Nullable KeyLimit key, KeyActions actions) {

  static CallerClaims of(String token) {
    try {
      byte[] payload = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
      JsonObject claims = new JsonObject(new String(payload, StandardCharsets.UTF_8));
      Instant expiry = Instant.ofEpochSecond(claims.getLong("exp"));
      if (!claims.containsKey("keyId")) {
        return new CallerClaims(expiry, null, KeyActions.ALL);
      }
      return new CallerClaims(
          expiry,
          new KeyLimit(
              claims.getString("tenant"),
              words(claims.getString("projects")),
              Role.of(words(claims.getString("roles")))),
          new KeyActions(words(claims.getString("actions", ""))));
    } catch (RuntimeException unreadable) {
      throw ProblemType.UNAUTHENTICATED.because("The token does not say what it allows.");
    }
  }

  private static Set<String> words(String text) {
    return text.isEmpty() ? Set.of() : Set.copyOf(List.of(text.split(" ")));
  }
}
