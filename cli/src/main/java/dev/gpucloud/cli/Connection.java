package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The options that say which server and whose login a command uses, behind the command or before
 * it. Order: option, environment, stored login of the profile, dev stack of the working folder,
 * local default.
 */
final class Connection {
  static final String DEFAULT_PROFILE = "default";

  private static final String LOCAL = "http://127.0.0.1:8080";

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Address of the API (GPUCLOUD_SERVER).")
  private @Nullable URI serverOption;

  @Option(
      names = "--issuer",
      paramLabel = "URL",
      description = "OpenID Connect issuer (GPUCLOUD_ISSUER); asked from the server if not given.")
  private @Nullable URI issuerOption;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "Which stored login to use (GPUCLOUD_PROFILE, else default).")
  private @Nullable String profileOption;

  /** The command that these options belong to. */
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  private @Nullable CliContext context;
  private @Nullable HttpClient plain;
  private @Nullable HttpClient secure;

  void attach(CliContext to) {
    this.context = to;
  }

  CliContext context() {
    if (context == null) {
      throw new IllegalStateException("not attached");
    }
    return context;
  }

  TokenStore store() {
    return TokenStore.of(context());
  }

  String profile() {
    String typed = typed(connection -> connection.profileOption);
    return typed != null ? typed : context().env("GPUCLOUD_PROFILE", DEFAULT_PROFILE);
  }

  /** The stored login, if it is one for the server in use. */
  Optional<TokenStore.Login> login() {
    String server = server().toString();
    return store().find(profile()).filter(login -> login.server().equals(server));
  }

  URI server() {
    URI typed = typed(connection -> connection.serverOption);
    if (typed != null) {
      return plain(typed);
    }
    String fromEnv = context().env("GPUCLOUD_SERVER", "");
    if (!fromEnv.isEmpty()) {
      return plain(URI.create(fromEnv));
    }
    return store()
        .find(profile())
        .map(login -> URI.create(login.server()))
        .or(() -> DevStackFile.find(context()).flatMap(f -> f.url("gateway")).map(URI::create))
        .map(Connection::plain)
        .orElse(URI.create(LOCAL));
  }

  URI issuer() {
    URI typed = typed(connection -> connection.issuerOption);
    if (typed != null) {
      return plain(typed);
    }
    String fromEnv = context().env("GPUCLOUD_ISSUER", "");
    if (!fromEnv.isEmpty()) {
      return plain(URI.create(fromEnv));
    }
    return login().map(login -> URI.create(login.issuer())).orElseGet(this::issuerOfServer);
  }

  /** An option behind the command, else before it. */
  private <T> @Nullable T typed(Function<Connection, @Nullable T> option) {
    T own = option.apply(this);
    return own == null && command != null && command.root().userObject() instanceof GpucloudCli root
        ? option.apply(root.connection())
        : own;
  }

  OidcClient oidc() {
    URI issuer = issuer();
    return new OidcClient(http(issuer), issuer, context().clock());
  }

  ApiClient api() {
    URI server = server();
    return new ApiClient(http(server), server, tokens(), RetryPolicy.interactive())
        .in(context().terminal().language());
  }

  /** A key of the environment comes before the stored login: scripts set it on purpose. */
  private TokenSource tokens() {
    String key = context().env(KeyFromEnvironment.VARIABLE, "");
    return key.isEmpty() ? new StoredTokens(this) : KeyFromEnvironment.of(key);
  }

  private HttpClient http(URI target) {
    if ("http".equals(target.getScheme())) {
      plain = plain == null ? ApiClient.newPlainHttpClient() : plain;
      return plain;
    }
    secure = secure == null ? ApiClient.newHttpClient() : secure;
    return secure;
  }

  /** RFC 9728: a protected resource names its authorization servers. */
  private URI issuerOfServer() {
    URI metadata = server().resolve("/.well-known/oauth-protected-resource");
    try {
      HttpResponse<String> answer =
          http(metadata)
              .send(
                  HttpRequest.newBuilder(metadata).timeout(Duration.ofSeconds(10)).build(),
                  HttpResponse.BodyHandlers.ofString());
      JsonNode issuer = Json.parseOrMissing(answer.body()).path("authorization_servers").path(0);
      if (answer.statusCode() == 200 && issuer.isTextual()) {
        return URI.create(issuer.asText());
      }
    } catch (IOException e) {
      throw new CliException(
          ExitCode.UNAVAILABLE,
          "The server at " + server() + " cannot be reached.",
          "what to do: check --server or GPUCLOUD_SERVER; for the dev stack: ./gpucloud status");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.INTERNAL, "Interrupted.");
    }
    throw new CliException(
        ExitCode.USAGE,
        "The server at " + server() + " does not name its identity provider.",
        "what to do: give --issuer or GPUCLOUD_ISSUER");
  }

  private static URI plain(URI uri) {
    String text = uri.toString();
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null) {
      throw new CliException(
          ExitCode.USAGE,
          "'" + text + "' is not an http or https address.",
          "example: http://127.0.0.1:8080");
    }
    return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
  }
}
