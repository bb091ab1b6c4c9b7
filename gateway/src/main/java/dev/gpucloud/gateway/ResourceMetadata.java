package dev.gpucloud.gateway;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** RFC 9728: tells a client that knows only our address which identity provider to log in at. */
@Singleton
class ResourceMetadata {
  static final String PATH = "/.well-known/oauth-protected-resource";
  private final String issuer;

  ResourceMetadata(@ConfigProperty(name = "quarkus.oidc.auth-server-url") String issuer) {
    this.issuer = issuer;
  }

  JsonObject of(HttpServerRequest request) {
    String authority = request.authority() == null ? "" : request.authority().toString();
    return new JsonObject()
        .put("resource", request.scheme() + "://" + authority)
        .put("authorization_servers", new JsonArray().add(issuer))
        .put("bearer_methods_supported", new JsonArray().add("header"));
  }
}
