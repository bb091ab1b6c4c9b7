package dev.gpucloud.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.key.ApiKey;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.gateway.limits.WrongCredentials;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Takes callers with an API key in. A key is exchanged for a token that lives a minute; the token
 * is remembered for most of it, a refusal for some seconds, and requests that come meanwhile wait
 * for one exchange. Neither key nor token is logged or leaves towards the client. Who sends wrong
 * keys again and again is put off before tenant-service is asked.
 */
@Singleton
class ApiKeys {
  private static final Duration BEFORE_EXPIRY = Duration.ofSeconds(15);

  private final KeyExchange exchange;
  private final Duration refusalTtl;
  private final WrongCredentials wrong;
  private final Cache<String, Uni<KeyExchange.Outcome>> outcomes;

  ApiKeys(KeyExchange exchange, WrongCredentials wrong, GatewayConfig config) {
    this.exchange = exchange;
    this.refusalTtl = config.apiKeys().refusalTtl();
    this.wrong = wrong;
    this.outcomes =
        Caffeine.newBuilder()
            .maximumSize(config.apiKeys().cacheSize())
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();
  }

  /** A caller let in: whose request it is, and the token to send on in place of the key. */
  record Admitted(ApiKeyId key, String subject, String token) {}

  /** A token for a client that keeps it itself. */
  record Granted(ApiKeyId key, String subject, String token, Instant expiresAt) {}

  /** Fails with a problem for the client when the key is not accepted. */
  Uni<Admitted> admit(String text, String source) {
    ApiKey key = parse(text, source);
    return outcome(key, source).onItem().transform(outcome -> admitted(key.id(), outcome, source));
  }

  /** As {@link #admit} for a client that asks for a token to use; it is not remembered here. */
  Uni<Granted> grant(String text, String source) {
    ApiKey key = parse(text, source);
    wrong.requirePatience(source);
    return exchange
        .exchange(key, KeyExchange.Life.OF_A_CLIENT)
        .map(outcome -> token(key.id(), outcome, source))
        .map(token -> new Granted(key.id(), token.subject(), token.token(), token.expiresAt()));
  }

  private ApiKey parse(String text, String source) {
    return ApiKey.parse(text)
        .orElseThrow(
            () -> {
              wrong.requirePatience(source);
              wrong.failed(source);
              return refused(
                  "API_KEY_MALFORMED", "The API key is cut or mistyped: its checksum is wrong.");
            });
  }

  /** Forgets what is known of a key: a service has refused its token. */
  void forget(ApiKeyId key) {
    outcomes.asMap().keySet().removeIf(known -> known.startsWith(key.toString()));
  }

  private Uni<KeyExchange.Outcome> outcome(ApiKey key, String source) {
    String slot = slot(key);
    Uni<KeyExchange.Outcome> known = outcomes.getIfPresent(slot);
    if (known == null) {
      wrong.requirePatience(source);
      return ask(key, slot, null);
    }
    return known.chain(
        outcome -> isFresh(outcome) ? Uni.createFrom().item(outcome) : ask(key, slot, known));
  }

  /** Takes the place of what was known, unless another request was first: then it is that one's. */
  private Uni<KeyExchange.Outcome> ask(
      ApiKey key, String slot, @Nullable Uni<KeyExchange.Outcome> known) {
    return outcomes
        .asMap()
        .compute(slot, (same, now) -> now == null || now == known ? asking(key, slot) : now);
  }

  private Uni<KeyExchange.Outcome> asking(ApiKey key, String slot) {
    return Uni.createFrom()
        .deferred(() -> exchange.exchange(key, KeyExchange.Life.OF_A_REQUEST))
        .onFailure()
        .invoke(() -> outcomes.invalidate(slot))
        .memoize()
        .indefinitely();
  }

  /** Names the key for {@link #forget} and tells a right secret from a wrong one. */
  private static String slot(ApiKey key) {
    return key.id() + ":" + HexFormat.of().formatHex(key.secretHash());
  }

  private boolean isFresh(KeyExchange.Outcome outcome) {
    Instant now = Instant.now(); // token times are system time
    return switch (outcome) {
      case KeyExchange.Token token -> now.isBefore(token.expiresAt().minus(BEFORE_EXPIRY));
      case KeyExchange.Refused refused -> now.isBefore(refused.at().plus(refusalTtl));
    };
  }

  private Admitted admitted(ApiKeyId key, KeyExchange.Outcome outcome, String source) {
    KeyExchange.Token token = token(key, outcome, source);
    return new Admitted(key, token.subject(), token.token());
  }

  private KeyExchange.Token token(ApiKeyId key, KeyExchange.Outcome outcome, String source) {
    return switch (outcome) {
      case KeyExchange.Token token -> token;
      case KeyExchange.Refused refused -> {
        wrong.failed(source);
        throw refused(refused.reason(), sentence(refused.reason(), key));
      }
    };
  }

  private static String sentence(String reason, ApiKeyId key) {
    return switch (reason) {
      case "API_KEY_REVOKED" -> "The API key %s was revoked.".formatted(key);
      case "API_KEY_EXPIRED" -> "The API key %s has expired; make a new one.".formatted(key);
      case "API_KEY_HOLDER_GONE" ->
          "The holder of the API key %s is no member of the tenant any more.".formatted(key);
      case "API_KEY_TENANT_CLOSED" -> "The tenant of the API key %s is closed.".formatted(key);
      default -> "There is no such API key.";
    };
  }

  private static RuntimeException refused(String reason, String sentence) {
    return ProblemType.UNAUTHENTICATED.because(sentence).with("reason", reason);
  }
}
