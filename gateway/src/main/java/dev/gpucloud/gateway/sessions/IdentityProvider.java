package dev.gpucloud.gateway.sessions;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.Tenant;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.oidc.client.NamedOidcClient;
import io.quarkus.oidc.client.OidcClient;
import io.quarkus.oidc.client.Tokens;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The console's side of OpenID Connect: authorization code with proof (PKCE), refresh, logout. What
 * it answers is a problem or a value; no word of the identity provider's goes further.
 */
@Singleton
class IdentityProvider {
  private static final Logger LOG = Logger.getLogger(IdentityProvider.class);
  private static final String OPENID = "/protocol/openid-connect";
  private static final int LONGEST_NAME = 100;

  private final OidcClient client;
  private final TenantIdentityProvider idTokens;
  private final PublicAddress address;
  private final HttpClient http;
  private final String issuer;
  private final String clientId;
  private final @Nullable String clientSecret;
  private final Duration timeout;

  IdentityProvider(
      @NamedOidcClient("console") OidcClient client,
      @Tenant("console") TenantIdentityProvider idTokens,
      PublicAddress address,
      Vertx vertx,
      SessionConfig config,
      @ConfigProperty(name = "quarkus.oidc.auth-server-url") String issuer) {
    this.client = client;
    this.idTokens = idTokens;
    this.address = address;
    this.http = vertx.createHttpClient();
    this.issuer = issuer;
    this.clientId = config.clientId();
    this.clientSecret = config.clientSecret().orElse(null);
    this.timeout = config.providerTimeout();
  }

  @PreDestroy
  void close() {
    http.close();
  }

  /** Who has logged in, and what the identity provider gave for it. */
  record LoggedIn(String subject, String username, @Nullable String name, Grant grant) {}

  /** Tokens. */
  record Grant(String accessToken, Instant expiresAt, String refreshToken) {
    /** Without what is secret. */
    @Override
    public String toString() {
      return "Grant[until " + expiresAt + "]";
    }
  }

  /** The identity provider does not know what it was shown, or does not hold it good any more. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String why) {
      super(why, null, false, false);
    }
  }

  /** Where a browser logs in. */
  String address(Login login) {
    var query = new QueryStringEncoder(issuer + OPENID + "/auth");
    query.addParam("response_type", "code");
    query.addParam("client_id", clientId);
    query.addParam("scope", "openid");
    query.addParam("redirect_uri", address.callback());
    query.addParam("state", login.state());
    query.addParam("nonce", login.nonce());
    query.addParam("code_challenge_method", "S256");
    query.addParam("code_challenge", Secrets.challenge(login.verifier()));
    return query.toString();
  }

  boolean isIssuer(String name) {
    return issuer.equals(name);
  }

  /** Turns a code into tokens; {@link Refused}, or UPSTREAM_UNAVAILABLE when nobody answers. */
  Uni<LoggedIn> redeem(String code, Login login) {
    return answered(
            client.getTokens(
                Map.of(
                    "code", code,
                    "redirect_uri", address.callback(),
                    "code_verifier", login.verifier())))
        .chain(tokens -> identified(tokens, login));
  }

  /** The next tokens; fails as {@link #redeem} does. */
  Uni<Grant> refresh(String refreshToken) {
    return answered(client.refreshTokens(refreshToken)).map(IdentityProvider::grant);
  }

  /** Ends the login there; fails with UPSTREAM_UNAVAILABLE when it could not be told. */
  Uni<Void> end(String refreshToken) {
    var form = new QueryStringEncoder("");
    form.addParam("client_id", clientId);
    if (clientSecret != null) {
      form.addParam("client_secret", clientSecret);
    }
    form.addParam("refresh_token", refreshToken);
    return Uni.createFrom()
        .completionStage(() -> post("/logout", form.toString().substring(1)))
        .ifNoItem()
        .after(timeout)
        .fail()
        .invoke(status -> require(isOver(status), "logout answered " + status))
        .onFailure()
        .transform(IdentityProvider::unavailable)
        .replaceWithVoid();
  }

  /** 400 says that the refresh token is good for nothing: its login has ended already. */
  private static boolean isOver(int status) {
    return status / 100 == 2 || status == 400;
  }

  private CompletionStage<Integer> post(String path, String form) {
    RequestOptions to =
        new RequestOptions().setAbsoluteURI(issuer + OPENID + path).setMethod(HttpMethod.POST);
    return http.request(to)
        .compose(
            request ->
                request
                    .putHeader("Content-Type", "application/x-www-form-urlencoded")
                    .send(Buffer.buffer(form)))
        .compose(answer -> answer.body().map(body -> answer.statusCode()))
        .toCompletionStage();
  }

  private Uni<Tokens> answered(Uni<Tokens> asked) {
    return asked
        .ifNoItem()
        .after(timeout)
        .fail()
        .onFailure()
        .transform(
            failure ->
                isRefusal(failure)
                    ? new Refused("the grant is worth nothing")
                    : unavailable(failure));
  }

  /** The client library puts the answer's body into its message and tells no status. */
  private static boolean isRefusal(Throwable failure) {
    try {
      JsonObject answer = new JsonObject(Objects.requireNonNullElse(failure.getMessage(), ""));
      return "invalid_grant".equals(answer.getValue("error"));
    } catch (DecodeException notAnAnswer) {
      return false;
    }
  }

  private static ProblemException unavailable(Throwable failure) {
    LOG.warnf("Identity provider unavailable to browsers: %s", failure.getMessage());
    return ProblemType.UPSTREAM_UNAVAILABLE.because("The identity provider does not answer.");
  }

  private Uni<LoggedIn> identified(Tokens tokens, Login login) {
    @Nullable String idToken = tokens.get("id_token");
    require(idToken != null, "there is no ID token");
    return idTokens
        .authenticate(new AccessTokenCredential(idToken))
        .onFailure()
        .transform(
            failure ->
                failure instanceof AuthenticationFailedException
                    ? new Refused("the ID token is wrong") // its claims are nobody's business
                    : unavailable(failure))
        .map(identity -> loggedIn(identity, tokens, login));
  }

  private LoggedIn loggedIn(SecurityIdentity identity, Tokens tokens, Login login) {
    JsonWebToken claims = (JsonWebToken) identity.getPrincipal();
    @Nullable String nonce = claims.getClaim("nonce");
    @Nullable String party = claims.getClaim("azp");
    require(nonce != null && Secrets.same(login.nonce(), nonce), "it is another login's");
    require(party == null || clientId.equals(party), "it is another client's");
    @Nullable String username = claims.getClaim("preferred_username");
    return new LoggedIn(
        claims.getSubject(),
        cut(username == null ? claims.getSubject() : username),
        claims.getClaim("name") instanceof String name ? cut(name) : null,
        grant(tokens));
  }

  private static Grant grant(Tokens tokens) {
    require(tokens.getRefreshToken() != null, "there is no refresh token");
    require(tokens.getAccessTokenExpiresAt() != null, "the token has no end");
    return new Grant(
        tokens.getAccessToken(),
        Instant.ofEpochSecond(tokens.getAccessTokenExpiresAt()),
        tokens.getRefreshToken());
  }

  private static void require(boolean holds, String why) {
    if (!holds) {
      throw new Refused(why);
    }
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME);
  }
}
