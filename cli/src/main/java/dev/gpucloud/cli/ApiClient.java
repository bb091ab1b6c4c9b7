package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.contracts.problem.ProblemLanguage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The public API over one gateway as one caller. Refusals come as {@link ApiProblem}. A request
 * whose service cannot be reached is repeated within the {@link RetryPolicy}: reads always, writes
 * with the Idempotency-Key they carry, so that an answer lost on the way is found again and nothing
 * happens twice.
 */
public final class ApiClient {
  private static final Duration ONE_ANSWER = Duration.ofSeconds(45);
  private static final int LONGEST_LIST = 100_000;
  private static final int UNAUTHENTICATED = 401;
  private static final int FORBIDDEN = 403;
  private static final String NO_VERSION = "\"0\"";
  private static final String KEY = "Idempotency-Key";
  private static final String IF_MATCH = "If-Match";
  private static final String PAGE_SIZE = "pageSize";
  private static final int LARGEST_PAGE = 1000;

  private final HttpClient http;
  private final URI server;
  private final TokenSource tokens;
  private final RetryPolicy retries;
  private final ProblemLanguage language;

  public ApiClient(HttpClient http, URI server, TokenSource tokens, RetryPolicy retries) {
    this(http, server, tokens, retries, ProblemLanguage.ENGLISH);
  }

  private ApiClient(
      HttpClient http,
      URI server,
      TokenSource tokens,
      RetryPolicy retries,
      ProblemLanguage language) {
    this.http = http;
    this.server = server;
    this.tokens = tokens;
    this.retries = retries;
    this.language = language;
  }

  /** The same, told of problems in a language. */
  ApiClient in(ProblemLanguage wanted) {
    return new ApiClient(http, server, tokens, retries, wanted);
  }

  /** The HTTP client all our clients share the settings of. */
  public static HttpClient newHttpClient() {
    return builder().build();
  }

  /**
   * A client for servers without TLS alone: reading the certificates that a JVM trusts takes longer
   * than most requests.
   */
  static HttpClient newPlainHttpClient() {
    try {
      SSLContext nobody = SSLContext.getInstance("TLS");
      nobody.init(new KeyManager[0], new TrustManager[0], null);
      return builder().sslContext(nobody).build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpClient.Builder builder() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(3));
  }

  /** A key for one new creating request. */
  public static String newIdempotencyKey() {
    return UUID.randomUUID().toString();
  }

  /** Reads one thing. */
  public ApiResponse get(Call<Call.Nothing, ?> call) {
    return send(call, null, Map.of());
  }

  /** A POST that creates, charges or acts; repeated with the same key until it is answered. */
  public <B> ApiResponse post(Call<B, ?> call, @Nullable B body, String idempotencyKey) {
    return send(call, body, Map.of(KEY, idempotencyKey));
  }

  /**
   * An action on a thing as it is now: an edit by somebody else in between is refused, not
   * overwritten.
   */
  public <B> ApiResponse act(
      Call<Call.Nothing, ?> thing, Call<B, ?> action, @Nullable B body, String idempotencyKey) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(KEY, idempotencyKey);
    String version = seenFor(action, () -> get(thing)).header("ETag");
    if (!version.isEmpty()) {
      headers.put(IF_MATCH, version);
    }
    return send(action, body, headers);
  }

  /** Ends a thing. */
  public ApiResponse delete(Call<Call.Nothing, ?> call, String idempotencyKey) {
    return send(call, null, Map.of(KEY, idempotencyKey));
  }

  /** A file as it is; the API takes the same content twice for once. */
  public ApiResponse upload(Call<byte[], ?> call, byte[] content, String contentType) {
    return carry(call, new Payload(content, contentType), Map.of());
  }

  /** A document, byte for byte. */
  public byte[] download(Call<Call.Nothing, ?> call) {
    return answered(call, null, Map.of("Accept", "*/*")).body();
  }

  /**
   * Reads an answer that goes on, line by line, until it ends or breaks off or nobody wants more.
   *
   * @param wanted whether another line is wanted after this one
   */
  void follow(Call<?, ?> call, Map<String, String> headers, Predicate<String> wanted) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Accept", "text/event-stream");
    HttpResponse<InputStream> answer = answered(token -> open(call, all, token), ApiClient::allOf);
    try (var lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null && wanted.test(line)) {
        line = lines.readLine();
      }
    } catch (IOException brokenOff) {
      // as if it had ended: whoever follows goes on where it was
    }
  }

  private HttpResponse<InputStream> open(Call<?, ?> call, Map<String, String> headers, String token)
      throws IOException {
    HttpRequest request = builder(call, null, headers, token).build();
    return exchange(request, HttpResponse.BodyHandlers.ofInputStream());
  }

  private static byte[] allOf(InputStream body) {
    try (body) {
      return body.readAllBytes();
    } catch (IOException e) {
      return new byte[0];
    }
  }

  /** All pages of a list as one {@code {"items": [...]}}. */
  public JsonNode list(Call<Call.Nothing, ?> call) {
    ArrayNode items = Json.MAPPER.createArrayNode();
    Call<Call.Nothing, ?> sized = call.asks(PAGE_SIZE) ? call : call.and(PAGE_SIZE, LARGEST_PAGE);
    String next = "";
    do {
      JsonNode body = get(next.isEmpty() ? sized : sized.and("pageToken", next)).body();
      body.path("items").forEach(items::add);
      next = body.path("nextPageToken").asText("");
    } while (!next.isEmpty() && !next.equals("null") && items.size() < LONGEST_LIST);
    return Json.object().set("items", items);
  }

  /** Any call; {@code headers} in addition to those every request has. */
  public <B> ApiResponse send(Call<B, ?> call, @Nullable B body, Map<String, String> headers) {
    return carry(call, body == null ? null : Payload.of(body.toString()), headers);
  }

  /**
   * What is read before a POST. Who may not even read it is refused as the POST would refuse them,
   * for that names the role that they need; it is sent with a version that nothing has.
   */
  <T> T seenFor(Call<?, ?> action, Supplier<T> read) {
    try {
      return read.get();
    } catch (ApiProblem unseen) {
      if (unseen.status() == FORBIDDEN) {
        throw refusal(action, unseen);
      }
      throw unseen;
    }
  }

  private ApiProblem refusal(Call<?, ?> action, ApiProblem unseen) {
    try {
      carry(action, Payload.of("{}"), Map.of(IF_MATCH, NO_VERSION));
      return unseen;
    } catch (ApiProblem refused) {
      return refused.status() == FORBIDDEN ? refused : unseen;
    }
  }

  private record Payload(byte[] content, String type) {
    static Payload of(String json) {
      return new Payload(json.getBytes(StandardCharsets.UTF_8), "application/json");
    }
  }

  private ApiResponse carry(Call<?, ?> call, @Nullable Payload body, Map<String, String> headers) {
    HttpResponse<byte[]> answer = answered(call, body, headers);
    String text = text(answer.body());
    return new ApiResponse(answer.statusCode(), answer.headers(), Json.parseOrMissing(text), text);
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  private ApiProblem problem(int status, byte[] body) {
    JsonNode said = Json.parseOrMissing(text(body));
    return new ApiProblem(status, said, status == UNAUTHENTICATED ? tokens.wayOut() : null);
  }

  private HttpResponse<byte[]> answered(
      Call<?, ?> call, @Nullable Payload body, Map<String, String> headers) {
    return answered(
        token ->
            exchange(
                builder(call, body, headers, token).timeout(ONE_ANSWER).build(),
                HttpResponse.BodyHandlers.ofByteArray()),
        bytes -> bytes);
  }

  /** One request as a caller. */
  private interface Attempt<T> {
    HttpResponse<T> as(String token) throws IOException;
  }

  private <T> HttpResponse<T> answered(Attempt<T> request, Function<T, byte[]> content) {
    long deadline = System.nanoTime() + retries.budget().toNanos();
    boolean renewed = false;
    String token = tokens.accessToken();
    for (int attempt = 0; ; attempt++) {
      HttpResponse<T> answer;
      try {
        answer = request.as(token);
      } catch (IOException e) {
        rest(attempt, deadline, unreachable(e));
        continue;
      }
      int status = answer.statusCode();
      if (status < 400) {
        return answer;
      }
      ApiProblem problem = problem(status, content.apply(answer.body()));
      if (status == UNAUTHENTICATED && !renewed) {
        renewed = true;
        token = tokens.renewedToken();
      } else if (isPassing(problem)) {
        rest(attempt, deadline, problem);
      } else {
        throw problem;
      }
    }
  }

  private static boolean isPassing(ApiProblem problem) {
    return switch (problem.status()) {
      case 429, 502, 503, 504 -> true;
      default -> problem.code().equals("REQUEST_IN_PROGRESS");
    };
  }

  private HttpRequest.Builder builder(
      Call<?, ?> call, @Nullable Payload body, Map<String, String> headers, String token) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Authorization", "Bearer " + token);
    all.put("Accept-Language", language.tag());
    all.putIfAbsent("Accept", "application/json, application/problem+json, application/x-ndjson");
    if (body != null) {
      all.put("Content-Type", body.type());
    }
    HttpRequest.BodyPublisher payload =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofByteArray(body.content());
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(server.resolve(call.target())).method(call.method(), payload);
    all.forEach(builder::header);
    return builder;
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> body)
      throws IOException {
    try {
      return http.send(request, body);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private CliException unreachable(IOException cause) {
    String why =
        switch (cause) {
          case HttpTimeoutException ignored
              when !(cause instanceof java.net.http.HttpConnectTimeoutException) ->
              "did not answer in time";
          case ConnectException ignored -> "cannot be reached";
          case InterruptedIOException ignored -> "did not answer in time";
          default -> "broke the connection";
        };
    return new CliException(
        ExitCode.UNAVAILABLE,
        "The server at " + server + " " + why + ".",
        "what to do: check the address (--server, GPUCLOUD_SERVER); for the dev stack: ./gpucloud"
            + " status, ./gpucloud up");
  }

  private void rest(int attempt, long deadline, CliException otherwise) {
    Duration pause = retries.pause(attempt);
    if (System.nanoTime() + pause.toNanos() > deadline) {
      throw otherwise;
    }
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static CliException interrupted() {
    Thread.currentThread().interrupt();
    return new CliException(ExitCode.INTERNAL, "Interrupted.");
  }
}
