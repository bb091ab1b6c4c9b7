package dev.gpucloud.gateway;

import dev.gpucloud.contracts.key.ApiKey;
import dev.gpucloud.contracts.problem.ProblemType;
import io.quarkus.oidc.client.OidcClient;
import io.quarkus.oidc.client.Tokens;
import io.quarkus.oidc.client.runtime.TokensHelper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.jboss.logging.Logger;

/** Asks tenant-service for the token of a key, as a service with client credentials. */
@Singleton
class KeyExchange {
  private static final Logger LOG = Logger.getLogger(KeyExchange.class);
  private static final String PATH = "/internal/v1/api-keys/exchange";

  private final Upstreams upstreams;
  private final OidcClient credentials;
  private final TokensHelper tokens = new TokensHelper();

  KeyExchange(Upstreams upstreams, OidcClient credentials) {
    this.upstreams = upstreams;
    this.credentials = credentials;
  }

  /** What tenant-service said of a key. */
  sealed interface Outcome {}

  record Token(String token, String subject, Instant expiresAt) implements Outcome {}

  record Refused(String reason, Instant at) implements Outcome {}

  /** How long a token is for: a request that the gateway sends on, or a client to keep. */
  enum Life {
    OF_A_REQUEST,
    OF_A_CLIENT
  }

  /** Fails with UPSTREAM_UNAVAILABLE when nobody can be asked: the caller is not to blame. */
  Uni<Outcome> exchange(ApiKey key, Life life) {
    return tokens
        .getTokens(credentials)
        .map(Tokens::getAccessToken)
        .chain(
            token ->
                Uni.createFrom().completionStage(() -> post(key, life, token).toCompletionStage()))
        .onFailure()
        .transform(
            failure -> {
              LOG.warnf("API keys cannot be exchanged: %s", failure.getMessage());
              return ProblemType.UPSTREAM_UNAVAILABLE.because(
                  "API keys cannot be checked at the moment.");
            });
  }

  private Future<Outcome> post(ApiKey key, Life life, String token) {
    Buffer body =
        new JsonObject()
            .put("key", key.text())
            .put("forClient", life == Life.OF_A_CLIENT)
            .toBuffer();
    return upstreams.post(Upstream.TENANT, PATH, token, body).map(KeyExchange::outcome);
  }

  private static Outcome outcome(Buffer body) {
    JsonObject answer = body.toJsonObject();
    String refusal = answer.getString("refusal");
    return refusal == null
        ? new Token(
            answer.getString("token"), answer.getString("subject"), answer.getInstant("expiresAt"))
        : new Refused("API_KEY_" + refusal, Instant.now());
  }
}
