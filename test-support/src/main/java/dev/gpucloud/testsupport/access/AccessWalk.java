package dev.gpucloud.testsupport.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.testsupport.TestKafka;
import dev.gpucloud.testsupport.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.assertj.core.api.SoftAssertions;

/**
 * Calls every endpoint of a service as every kind of caller and compares each answer with the
 * table. Requests have an empty object as body, no {@code If-Match} and no {@code Idempotency-Key},
 * so one that is let through is refused for what it says and changes nothing.
 *
 * @param base where the service listens
 * @param values what stands in a path for the variables of that name
 * @param token the access token of a persona
 */
public record AccessWalk(
    URI base, AccessTable table, Map<String, String> values, Function<Persona, String> token) {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Set<String> METHODS =
      Set.of("get", "post", "put", "patch", "delete", "head", "options", "trace");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ROUNDS = 3;
  private static final Pattern REQUEST = Pattern.compile("\"requestId\":\"([^\"]*)\"");
  private static final Pattern ACTION = Pattern.compile("\"action\":\"([^\"]*)\"");
  private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z]+)}");

  /** An endpoint that the table lacks, or one that is offered no more, is an error. */
  public void tableIsComplete(Map<String, Map<String, Object>> paths) {
    Set<String> offered = new TreeSet<>();
    paths.forEach(
        (path, operations) ->
            operations.keySet().stream()
                .filter(METHODS::contains)
                .forEach(method -> offered.add(method.toUpperCase(Locale.ROOT) + " " + path)));
    assertThat(table.endpoints()).isEqualTo(offered);
  }

  /** Every endpoint as every persona. */
  public void letsThroughExactlyWhoMay() {
    var softly = new SoftAssertions();
    Map<Persona, String> tokens = new EnumMap<>(Persona.class);
    for (Persona persona : Persona.values()) {
      tokens.put(persona, "Bearer " + token.apply(persona));
    }
    for (AccessRule rule : table.rules()) {
      for (Persona persona : Persona.values()) {
        HttpResponse<String> answer = send(rule, tokens.get(persona));
        softly
            .assertThat(answer.statusCode())
            .describedAs("%s as %s: %s", rule, persona, shortened(answer.body()))
            .isEqualTo(rule.expected(persona));
      }
    }
    softly.assertAll();
  }

  /**
   * Every endpoint that changes something, refused to somebody: the audit log has each refusal by
   * the name that the table has for what was tried. A window of denials that others have filled
   * names no further ones, so what is not found is tried again in the next.
   */
  public void refusalsAreNamedAsTheirEndpoints() {
    Map<String, String> expected = new TreeMap<>();
    Map<String, String> told = new TreeMap<>();
    Map<AccessRule, Persona> open = refused();
    open.keySet().forEach(rule -> expected.put(rule.toString(), rule.endpoint().action()));
    assertThat(expected).isNotEmpty();
    for (int round = 0; round < ROUNDS && !open.isEmpty(); round++) {
      Map<String, AccessRule> requests = new HashMap<>();
      open.forEach(
          (rule, persona) -> {
            String request = UUID.randomUUID().toString();
            requests.put(request, rule);
            send(rule, "Bearer " + token.apply(persona), request);
          });
      for (String entry : denials(requests.keySet())) {
        AccessRule rule = requests.get(word(REQUEST, entry));
        told.put(rule.toString(), word(ACTION, entry));
        open.remove(rule);
      }
    }
    assertThat(told).isEqualTo(expected);
  }

  private Map<AccessRule, Persona> refused() {
    Map<AccessRule, Persona> refused = new LinkedHashMap<>();
    for (AccessRule rule : table.rules()) {
      if (!rule.method().equals("GET")) {
        refusedTo(rule).ifPresent(persona -> refused.put(rule, persona));
      }
    }
    return refused;
  }

  /** The entries of these requests, as many as come within a window and what it takes to write. */
  private static List<String> denials(Set<String> requests) {
    Instant until = Instant.now().plus(PATIENCE);
    List<String> found = List.of();
    while (found.size() < requests.size() && Instant.now().isBefore(until)) {
      found =
          TestKafka.present(Topics.AUDIT_ENTRIES, r -> isNamed(r.value(), requests)).stream()
              .map(ConsumerRecord::value)
              .toList();
    }
    return found;
  }

  private static boolean isNamed(String entry, Set<String> requests) {
    return entry.contains("\"DENIED\"")
        && !entry.contains("\"(many)\"")
        && requests.contains(word(REQUEST, entry));
  }

  private static String word(Pattern member, String entry) {
    Matcher found = member.matcher(entry);
    return found.find() ? found.group(1) : "";
  }

  private static Optional<Persona> refusedTo(AccessRule rule) {
    return Stream.of(Persona.STRANGER, Persona.FOREIGN_KEY)
        .filter(persona -> Set.of(403, 404).contains(rule.expected(persona)))
        .filter(persona -> rule.expected(persona) != rule.answer())
        .findFirst();
  }

  /** Every endpoint without a token, with a broken one, and with one that is not for it. */
  public void letsNobodyInWithoutAValidToken(String subject) {
    var softly = new SoftAssertions();
    List<String> useless = useless(subject);
    for (AccessRule rule : table.rules()) {
      for (String header : useless) {
        HttpResponse<String> answer = send(rule, header);
        softly
            .assertThat(answer.statusCode())
            .describedAs("%s with '%s': %s", rule, header, shortened(answer.body()))
            .isEqualTo(rule.open() ? rule.answer() : 401);
        if (answer.statusCode() == 401) {
          softly.assertThat(answer.body()).contains("\"code\":\"UNAUTHENTICATED\"");
          softly
              .assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
              .startsWith("Bearer");
        }
      }
    }
    softly.assertAll();
  }

  private static List<String> useless(String subject) {
    List<String> headers = new ArrayList<>(List.of("", "Bearer", "Bearer rubbish"));
    headers.add("Basic dXNlcjpwYXNzd29yZA==");
    headers.add("Bearer " + TestTokens.expired(subject));
    headers.add("Bearer " + TestTokens.forged(subject));
    headers.add("Bearer " + TestTokens.forAudience(subject, "account"));
    headers.add("Bearer " + unsigned(TestTokens.user(subject, subject)));
    return headers;
  }

  /** The same claims under the algorithm that needs no key. */
  private static String unsigned(String token) {
    String header =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
    return header + "." + token.split("\\.")[1] + ".";
  }

  private HttpResponse<String> send(AccessRule rule, String authorization) {
    return send(rule, authorization, UUID.randomUUID().toString());
  }

  private HttpResponse<String> send(AccessRule rule, String authorization, String requestId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path(rule))).header("X-Request-Id", requestId);
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    if (rule.method().startsWith("P")) {
      request.header("Content-Type", "application/json");
      request.method(rule.method(), BodyPublishers.ofString("{}"));
    } else {
      request.method(rule.method(), BodyPublishers.noBody());
    }
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(rule + " was not answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String path(AccessRule rule) {
    Matcher variable = VARIABLE.matcher(rule.path());
    return variable.replaceAll(found -> values.getOrDefault(found.group(1), "nothing"));
  }

  private static String shortened(String body) {
    return body.length() > 300 ? body.substring(0, 300) : body;
  }
}
