package dev.gpucloud.kit.access;

import dev.gpucloud.kit.config.KitConfig;
import io.quarkus.oidc.TenantResolver;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which of the two trusted issuers must have signed a token: our own when the token says
 * so, the identity provider in every other case. The claim is not believed, it only chooses the
 * keys and rules that the token is then held against, issuer included.
 */
@ApplicationScoped
class TokenIssuers implements TenantResolver {
  /** Name of the configuration of tokens made of API keys. */
  static final String KEYS = "keys";

  private final String ownIssuer;

  TokenIssuers(KitConfig config) {
    this.ownIssuer = config.apiKeys().issuer();
  }

  @Override
  public @Nullable String resolve(RoutingContext request) {
    String header = request.request().getHeader(HttpHeaders.AUTHORIZATION);
    return header != null && ownIssuer.equals(issuer(header)) ? KEYS : null;
  }

  private static @Nullable String issuer(String header) {
    String[] parts = header.split("\\.", -1);
    if (parts.length != 3) {
      return null;
    }
    try {
      byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
      Object issuer = new JsonObject(new String(claims, StandardCharsets.UTF_8)).getValue("iss");
      return issuer instanceof String text ? text : null;
    } catch (RuntimeException notAToken) {
      return null;
    }
  }
}
