package dev.gpucloud.tenant.directory;

import dev.gpucloud.kit.config.KitConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.MultiMap;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpRequest;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The few calls of Keycloak's admin API that are needed, as a client of little rights. */
@ApplicationScoped
class KeycloakAdmin {
  private static final int BEFORE_EXPIRY_SECONDS = 10;

  private final DirectoryConfig config;
  private final String tokenUrl;
  private final WebClient web;
  private volatile @Nullable Token token;

  @Inject
  KeycloakAdmin(Vertx vertx, DirectoryConfig config, KitConfig kit) {
    this(vertx, config, kit.oidc().issuer());
  }

  KeycloakAdmin(Vertx vertx, DirectoryConfig config, String issuer) {
    this.config = config;
    this.tokenUrl = issuer + "/protocol/openid-connect/token";
    this.web =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setMaxPoolSize(config.concurrency())
                .setConnectTimeout((int) config.timeout().toMillis()));
  }

  private record Token(String text, Instant until) {}

  /** An answer of Keycloak: what it means is for the caller to say. */
  record Answer(int status, String body, @Nullable String location) {
    JsonObject object() {
      return new JsonObject(body);
    }

    JsonArray array() {
      return new JsonArray(body);
    }

    /** The id at the end of the address of what was created. */
    String createdId() {
      return location == null ? "" : location.substring(location.lastIndexOf('/') + 1);
    }
  }

  /** Keycloak does not answer, or not as Keycloak: try later. */
  static final class Unreachable extends RuntimeException {
    Unreachable(String message) {
      super(message);
    }
  }

  Uni<Answer> get(String path) {
    return call(HttpMethod.GET, path, null);
  }

  /** As {@link #get(String)}, for somebody who waits for the answer. */
  Uni<Answer> getWithin(Duration patience, String path) {
    return call(HttpMethod.GET, path, null, patience);
  }

  Uni<Answer> post(String path, String json) {
    return call(HttpMethod.POST, path, json);
  }

  Uni<Answer> put(String path, String json) {
    return call(HttpMethod.PUT, path, json);
  }

  Uni<Answer> delete(String path) {
    return call(HttpMethod.DELETE, path, null);
  }

  static String escape(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Uni<Answer> call(HttpMethod method, String path, @Nullable String json) {
    return call(method, path, json, config.timeout());
  }

  private Uni<Answer> call(
      HttpMethod method, String path, @Nullable String json, Duration patience) {
    return accessToken(patience)
        .chain(
            access ->
                send(
                    web.requestAbs(method, config.adminUrl().orElseThrow() + path)
                        .timeout(patience.toMillis())
                        .bearerTokenAuthentication(access),
                    json));
  }

  private static Uni<Answer> send(HttpRequest<Buffer> request, @Nullable String json) {
    Uni<HttpResponse<Buffer>> sent =
        json == null
            ? request.send()
            : request.putHeader("Content-Type", "application/json").sendBuffer(Buffer.buffer(json));
    return sent.map(KeycloakAdmin::answer)
        .onFailure(failure -> !(failure instanceof Unreachable))
        .transform(failure -> new Unreachable(String.valueOf(failure.getMessage())));
  }

  private static Answer answer(HttpResponse<Buffer> response) {
    int status = response.statusCode();
    if (status == 401 || status == 429 || status >= 500) {
      throw new Unreachable("Keycloak answered " + status);
    }
    String body = response.bodyAsString();
    return new Answer(status, body == null ? "" : body, response.getHeader("Location"));
  }

  private Uni<String> accessToken(Duration patience) {
    Token known = token;
    return known != null && Instant.now().isBefore(known.until())
        ? Uni.createFrom().item(known.text())
        : newToken(patience);
  }

  private Uni<String> newToken(Duration patience) {
    MultiMap form =
        MultiMap.caseInsensitiveMultiMap()
            .add("grant_type", "client_credentials")
            .add("client_id", config.clientId())
            .add("client_secret", config.clientSecret().orElse(""));
    return web.postAbs(tokenUrl)
        .timeout(patience.toMillis())
        .sendForm(form)
        .map(
            response -> {
              if (response.statusCode() != 200) {
                throw new Unreachable("no token: Keycloak answered " + response.statusCode());
              }
              JsonObject body = response.bodyAsJsonObject();
              token =
                  new Token(
                      body.getString("access_token"),
                      Instant.now()
                          .plusSeconds(body.getInteger("expires_in") - BEFORE_EXPIRY_SECONDS));
              return body.getString("access_token");
            })
        .onFailure(failure -> !(failure instanceof Unreachable))
        .transform(failure -> new Unreachable(String.valueOf(failure.getMessage())));
  }
}
