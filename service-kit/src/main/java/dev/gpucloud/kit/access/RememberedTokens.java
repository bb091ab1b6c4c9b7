package dev.gpucloud.kit.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.config.KitConfig;
import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a bearer token once and believes it for a bounded time, never past its expiry: the
 * signature costs more than the rest of a small request. What is refused is not remembered. A key
 * that the identity provider withdraws is believed until that time is over.
 */
@Alternative
@Priority(1)
@ApplicationScoped
class RememberedTokens implements HttpAuthenticationMechanism {
  private record Verified(SecurityIdentity identity, Instant believedUntil) {}

  private final OidcAuthenticationMechanism oidc;
  private final InstantSource system;
  private final Duration ttl;
  private final Cache<String, Verified> verified;

  RememberedTokens(
      OidcAuthenticationMechanism oidc, @SystemClock InstantSource system, KitConfig config) {
    this.oidc = oidc;
    this.system = system;
    this.ttl = config.access().tokenTtl();
    this.verified =
        Caffeine.newBuilder()
            .maximumSize(config.access().tokenCacheSize())
            .expireAfterWrite(ttl)
            .build();
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext request, IdentityProviderManager identities) {
    String header = request.request().getHeader(HttpHeaders.AUTHORIZATION);
    Verified known = header == null ? null : verified.getIfPresent(header);
    if (known != null && system.instant().isBefore(known.believedUntil())) {
      return Uni.createFrom().item(of(request, known.identity()));
    }
    return oidc.authenticate(request, identities)
        .invoke(
            identity -> {
              if (header != null) {
                remember(header, identity);
              }
            });
  }

  private void remember(String header, @Nullable SecurityIdentity identity) {
    if (identity == null || !(identity.getPrincipal() instanceof JsonWebToken token)) {
      return;
    }
    Instant expiry = Instant.ofEpochSecond(token.getExpirationTime());
    Instant horizon = system.instant().plus(ttl);
    verified.put(
        header, new Verified(of(null, identity), expiry.isBefore(horizon) ? expiry : horizon));
  }

  /** The same person in another request: attributes belong to one request and are left behind. */
  private static SecurityIdentity of(@Nullable RoutingContext request, SecurityIdentity identity) {
    QuarkusSecurityIdentity.Builder same =
        QuarkusSecurityIdentity.builder()
            .setPrincipal(identity.getPrincipal())
            .addRoles(identity.getRoles())
            .addCredentials(identity.getCredentials());
    if (request != null) {
      same.addAttribute(RoutingContext.class.getName(), request);
    }
    return same.build();
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext request) {
    return oidc.getChallenge(request);
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return oidc.getCredentialTypes();
  }

  @Override
  public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext request) {
    return oidc.getCredentialTransport(request);
  }

  /** Before the mechanism it stands for. */
  @Override
  public int getPriority() {
    return oidc.getPriority() + 1;
  }
}
