package dev.gpucloud.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gpucloud.gateway.limits.WrongCredentials;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.OIDCException;
import io.quarkus.oidc.Tenant;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Verifies bearer tokens: signature, issuer, audience and expiry. A verified token is remembered
 * for a bounded time, because the signature costs more than the rest of the request; services
 * verify it again themselves, so a token revoked in between opens nothing.
 */
@Singleton
class TokenVerifier {
  /** What the OIDC extension says when it cannot get keys; it hides the cause on purpose. */
  private static final String NO_KEYS = "OIDC Server is not available";

  private static final int LONGEST_CHAIN = 20;

  private final TenantIdentityProvider provider;
  private final TenantIdentityProvider keysProvider;
  private final String keysIssuer;
  private final Duration ttl;
  private final WrongCredentials wrong;
  private final Cache<String, Verified> verified;

  TokenVerifier(
      TenantIdentityProvider provider,
      @Tenant("keys") TenantIdentityProvider keysProvider,
      @ConfigProperty(name = "quarkus.oidc.keys.token.issuer") String keysIssuer,
      WrongCredentials wrong,
      GatewayConfig config) {
    this.wrong = wrong;
    this.provider = provider;
    this.keysProvider = keysProvider;
    this.keysIssuer = keysIssuer;
    this.ttl = config.tokenCacheTtl();
    this.verified =
        Caffeine.newBuilder()
            .maximumSize(config.tokenCacheSize())
            .expireAfterWrite(config.tokenCacheTtl())
            .build();
  }

  /** What a token said when it was verified a moment ago, null for any other. */
  @Nullable Verified remembered(String token) {
    Verified known = verified.getIfPresent(token);
    // Token times are system time: the business clock never reaches the edge.
    return known != null && Instant.now().isBefore(known.believedUntil()) ? known : null;
  }

  /** Fails with a problem when this one is wrong and the address has sent too many of those. */
  Uni<Outcome> verify(String token, String address) {
    return providerOf(token)
        .authenticate(new AccessTokenCredential(token))
        .map(identity -> remember(token, identity))
        .onFailure()
        .recoverWithUni(
            failure ->
                Uni.createFrom()
                    .item(
                        () -> isRejection(failure) ? rejected(address) : new Unavailable(failure)));
  }

  /** Only wrong ones are put off: a neighbour's good token is verified and passes. */
  private Outcome rejected(String address) {
    wrong.requirePatience(address);
    wrong.failed(address);
    return new Rejected();
  }

  /** The OIDC extension wraps an issuer that does not answer as if the token were wrong. */
  private static boolean isRejection(Throwable failure) {
    if (!(failure instanceof AuthenticationFailedException)) {
      return false;
    }
    @Nullable Throwable at = failure.getCause();
    for (int i = 0; at != null && i < LONGEST_CHAIN; i++) {
      if (at instanceof OIDCException
          || at instanceof IOException
          || at instanceof TimeoutException
          || NO_KEYS.equals(at.getMessage())) {
        return false;
      }
      at = at.getCause();
    }
    return true;
  }

  /** The claim only chooses the keys and rules that the token is then held against. */
  private TenantIdentityProvider providerOf(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length == 3) {
      try {
        byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
        JsonObject read = new JsonObject(new String(claims, StandardCharsets.UTF_8));
        return keysIssuer.equals(read.getValue("iss")) ? keysProvider : provider;
      } catch (RuntimeException notAToken) {
        return provider;
      }
    }
    return provider;
  }

  private Outcome remember(String token, SecurityIdentity identity) {
    JsonWebToken jwt = (JsonWebToken) identity.getPrincipal();
    Instant expiry = Instant.ofEpochSecond(jwt.getExpirationTime());
    Instant horizon = Instant.now().plus(ttl);
    @Nullable String key = keysIssuer.equals(jwt.getIssuer()) ? jwt.getClaim("keyId") : null;
    Verified answer =
        new Verified(jwt.getSubject(), key, expiry.isBefore(horizon) ? expiry : horizon);
    verified.put(token, answer);
    return answer;
  }

  /** What became of a token. */
  sealed interface Outcome {}

  record Verified(String subject, @Nullable String key, Instant believedUntil) implements Outcome {}

  record Rejected() implements Outcome {}

  /** The identity provider could not be asked: the caller is not to blame. */
  record Unavailable(Throwable cause) implements Outcome {}
}
