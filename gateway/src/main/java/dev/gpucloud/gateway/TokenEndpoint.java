package dev.gpucloud.gateway;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * RFC 6749, section 4.4: a program that speaks OAuth logs a service account in with client
 * credentials. The client's id is that of the service account or of the key, its secret an API key.
 * Answers and refusals have the form of RFC 6749, for that is what such programs read.
 */
@Singleton
class TokenEndpoint {
  static final String PATH = "/oauth2/token";
  private static final int LONGEST_BODY = 8 * 1024;
  private static final String FORM = "application/x-www-form-urlencoded";

  private final ApiKeys keys;
  private final Problems problems;
  private final int trustedProxies;

  TokenEndpoint(ApiKeys keys, Problems problems, GatewayConfig config) {
    this.trustedProxies = config.trustedProxies();
    this.keys = keys;
    this.problems = problems;
  }

  /** Reads the request and answers it, on its event loop. */
  void answer(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    if (!request.method().equals(HttpMethod.POST)) {
      throw ProblemType.METHOD_NOT_ALLOWED
          .because("Tokens are asked for with POST.")
          .with("allowed", "POST");
    }
    if (exchange.declaredLength() > LONGEST_BODY) {
      throw Proxy.tooLarge(LONGEST_BODY);
    }
    collect(exchange, body -> grant(exchange, body));
  }

  private void collect(Exchange exchange, Consumer<Buffer> whenWhole) {
    Buffer body = Buffer.buffer();
    HttpServerRequest request = exchange.request();
    request.handler(
        part -> {
          if (body.length() + part.length() > LONGEST_BODY) {
            request.handler(null);
            request.endHandler(null);
            problems.answer(exchange, Proxy.tooLarge(LONGEST_BODY));
          } else {
            body.appendBuffer(part);
          }
        });
    request.endHandler(end -> whenWhole.accept(body));
    request.resume();
  }

  private void grant(Exchange exchange, Buffer body) {
    try {
      Client client = client(exchange.request(), body.toString(StandardCharsets.UTF_8));
      keys.grant(client.secret(), SourceAddress.of(exchange.request(), trustedProxies))
          .subscribe()
          .with(
              granted -> exchange.onLoop(() -> accept(exchange, client, granted)),
              failure -> exchange.onLoop(() -> refuse(exchange, failure)));
    } catch (RuntimeException refusal) {
      refuse(exchange, refusal);
    }
  }

  private void accept(Exchange exchange, Client client, ApiKeys.Granted granted) {
    if (!client.id().equals(granted.subject()) && !client.id().equals(granted.key().toString())) {
      refuse(exchange, new Refusal(401, "invalid_client", "The key belongs to another client."));
      return;
    }
    exchange.authenticated(granted.subject() + "/" + granted.key());
    long seconds = Duration.between(Instant.now(), granted.expiresAt()).toSeconds();
    send(
        exchange,
        200,
        new JsonObject()
            .put("access_token", granted.token())
            .put("token_type", "Bearer")
            .put("expires_in", Math.max(0, seconds)));
  }

  private void refuse(Exchange exchange, Throwable failure) {
    switch (failure) {
      case Refusal refusal -> refuse(exchange, refusal);
      case ProblemException problem when problem.type() == ProblemType.UNAUTHENTICATED ->
          refuse(exchange, new Refusal(401, "invalid_client", problem.detail()));
      case ProblemException problem -> problems.answer(exchange, problem);
      default ->
          problems.answer(
              exchange, ProblemType.INTERNAL.because("The gateway failed to make a token."));
    }
  }

  private static void refuse(Exchange exchange, Refusal refusal) {
    if (refusal.status == 401) {
      exchange.response().putHeader("WWW-Authenticate", "Basic realm=\"gpucloud\"");
    }
    send(
        exchange,
        refusal.status,
        new JsonObject()
            .put("error", refusal.error)
            .put("error_description", refusal.getMessage()));
  }

  private static void send(Exchange exchange, int status, JsonObject body) {
    HttpServerResponse response = exchange.response();
    if (response.ended() || response.closed()) {
      return;
    }
    HeaderRules.secure(response.headers());
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(body.toBuffer());
  }

  private record Client(String id, String secret) {}

  private static Client client(HttpServerRequest request, String body) {
    Map<String, List<String>> form = form(request, body);
    String grant = one(form, "grant_type");
    if (grant == null) {
      throw new Refusal(400, "invalid_request", "grant_type is missing or given twice.");
    }
    if (!grant.equals("client_credentials")) {
      throw new Refusal(400, "unsupported_grant_type", "Only client_credentials is offered here.");
    }
    if (form.containsKey("scope")) {
      throw new Refusal(
          400, "invalid_scope", "Scopes are those of the API key; send the request without.");
    }
    @Nullable Client basic = basic(request.headers().getAll("Authorization"));
    @Nullable String id = one(form, "client_id");
    @Nullable String secret = one(form, "client_secret");
    if (basic != null && secret != null) {
      throw new Refusal(400, "invalid_request", "Send the secret once: as Basic or in the form.");
    }
    if (basic != null) {
      return basic;
    }
    if (id == null || secret == null) {
      throw new Refusal(401, "invalid_client", "Send client_id and client_secret.");
    }
    return new Client(id, secret);
  }

  private static Map<String, List<String>> form(HttpServerRequest request, String body) {
    String type = Objects.requireNonNullElse(request.getHeader("Content-Type"), "");
    if (!type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
      throw new Refusal(400, "invalid_request", "Expected Content-Type: " + FORM + ".");
    }
    if (request.headers().contains("Content-Encoding")) {
      throw new Refusal(400, "invalid_request", "Send the form without a Content-Encoding.");
    }
    try {
      return new QueryStringDecoder(body, StandardCharsets.UTF_8, false).parameters();
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "invalid_request", "The form is not encoded as a form.");
    }
  }

  private static @Nullable String one(Map<String, List<String>> form, String name) {
    List<String> values = form.getOrDefault(name, List.of());
    return values.size() == 1 ? values.getFirst() : null;
  }

  /** Section 2.3.1: id and secret are encoded as in a form before they are joined. */
  private static @Nullable Client basic(List<String> headers) {
    if (headers.isEmpty()) {
      return null;
    }
    try {
      String[] words = headers.getFirst().split(" ", 2);
      if (headers.size() == 1 && words.length == 2 && words[0].equalsIgnoreCase("Basic")) {
        String pair =
            new String(Base64.getDecoder().decode(words[1].strip()), StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        if (colon > 0) {
          return new Client(decoded(pair.substring(0, colon)), decoded(pair.substring(colon + 1)));
        }
      }
    } catch (IllegalArgumentException e) {
      // falls through: neither base64 nor form encoding
    }
    throw new Refusal(401, "invalid_client", "The Authorization header is no Basic credential.");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** A refusal in the words of RFC 6749, section 5.2. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String error;

    Refusal(int status, String error, @Nullable String description) {
      super(description, null, false, false);
      this.status = status;
      this.error = error;
    }
  }
}
