package dev.gpucloud.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.problem.Problem;
import dev.gpucloud.contracts.problem.ProblemLanguage;
import dev.gpucloud.contracts.problem.ProblemType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every answer, whatever was asked: it comes, it is not the service's fault, it
 * tells nothing of the inside, and a refusal is a problem of the registry that names what is wrong.
 */
final class Law {
  /** In every language that a request may ask for. */
  private static final Map<ProblemType, Set<String>> TITLES =
      Arrays.stream(ProblemType.values())
          .collect(
              Collectors.toMap(
                  type -> type,
                  type ->
                      Arrays.stream(ProblemLanguage.values())
                          .map(type::title)
                          .collect(Collectors.toSet())));

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> MEMBERS =
      Set.of(
          "type", "title", "status", "detail", "instance", "code", "requestId", "params", "errors");

  private static final Pattern INSIDE =
      Pattern.compile(
          "\\b(java|javax|jakarta|dev\\.gpucloud|io\\.(quarkus|vertx|netty|smallrye)"
              + "|org\\.(hibernate|postgresql|jboss|apache)|com\\.fasterxml)\\.[A-Za-z]"
              + "|[A-Za-z]Exception\\b|\\.java:\\d|\\bStackTrace|SQLSTATE|\\b(select|insert"
              + " into|update|delete from) [a-z_]+ (set|from|where|values)\\b|violates |duplicate"
              + " key value|\\brelation \"|\\bcolumn \"|syntax error at"
              + "|\\b(Hibernate|Quarkus|Vert\\.x|Netty|Jackson|RESTEASY|PostgreSQL|Kafka|Mutiny)\\b"
              + "|(?<![\\w.])/(home|root|work|tmp|usr|opt|var)/\\w"
              + "|\\b(127\\.0\\.0\\.1|localhost):\\d|\\barg\\d\\b|\\{(jakarta|[a-z]+\\.validation)|No"
              + " enum constant|\\b[A-Z]\\w+@[0-9a-f]{6,}|Request\\[|\\bcannot be cast\\b|Cannot"
              + " (invoke|deserialize|construct)");

  private static final Set<Integer> OF_PARSER = Set.of(400, 414, 431, 505);

  private Law() {}

  /** What is wrong with an answer, in a few words; empty when it is lawful. */
  static Optional<String> broken(FuzzRequest request, Answer answer) {
    if (answer.status() == 0) {
      return request.notHttp() ? Optional.empty() : Optional.of("no answer: " + answer.failure());
    }
    if (answer.status() >= 500) {
      return Optional.of("status " + answer.status());
    }
    if (answer.status() >= 300) {
      return request.notHttp() && isOfParser(answer) ? Optional.empty() : refusal(request, answer);
    }
    return inside(answer.headers().toString());
  }

  /** Below the application: a status and nothing else, and the connection ends. */
  private static boolean isOfParser(Answer answer) {
    return OF_PARSER.contains(answer.status())
        && answer.body().length == 0
        && answer.headers().keySet().stream()
            .allMatch(Set.of("content-length", "connection")::contains);
  }

  private static Optional<String> refusal(FuzzRequest request, Answer answer) {
    if (answer.status() < 400) {
      return Optional.of("status " + answer.status());
    }
    if (!answer.header("Content-Type").startsWith(Problem.MEDIA_TYPE)) {
      return Optional.of(
          "%d is no problem but '%s'".formatted(answer.status(), answer.header("Content-Type")));
    }
    if (request.method().equals("HEAD")) {
      return inside(answer.headers().toString());
    }
    JsonNode problem = json(answer);
    if (problem == null) {
      return Optional.of(answer.status() + " is not JSON");
    }
    List<String> wrong = new ArrayList<>(ofRegistry(answer, problem));
    wrong.addAll(ofErrors(request, problem));
    inside(problem.path("detail") + " " + problem.path("errors") + " " + problem.path("params"))
        .ifPresent(wrong::add);
    inside(answer.headers().toString()).ifPresent(wrong::add);
    return wrong.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", wrong));
  }

  private static @Nullable JsonNode json(Answer answer) {
    try {
      JsonNode node = JSON.readTree(answer.body());
      return node != null && node.isObject() ? node : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static List<String> ofRegistry(Answer answer, JsonNode problem) {
    List<String> wrong = new ArrayList<>();
    Optional<ProblemType> type =
        Arrays.stream(ProblemType.values())
            .filter(one -> one.name().equals(problem.path("code").asText()))
            .findFirst();
    if (type.isEmpty()) {
      return List.of("code " + problem.path("code") + " is not registered");
    }
    ProblemType registered = type.get();
    if (registered.status() != answer.status()
        || problem.path("status").asInt() != answer.status()
        || !TITLES.get(registered).contains(problem.path("title").asText())
        || !registered.typeUri().equals(problem.path("type").asText())) {
      wrong.add("status, title or type are not those of " + registered);
    }
    if (problem.path("detail").asText().isBlank()) {
      wrong.add("no detail");
    }
    String id = problem.path("requestId").asText();
    if (id.isBlank() || !id.equals(answer.header("X-Request-Id"))) {
      wrong.add("requestId '%s' beside header '%s'".formatted(id, answer.header("X-Request-Id")));
    }
    problem
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!MEMBERS.contains(name)) {
                wrong.add("member " + name);
              }
            });
    wrong.addAll(ofHeaders(answer));
    return wrong;
  }

  private static List<String> ofHeaders(Answer answer) {
    String needed =
        switch (answer.status()) {
          case 401 -> "WWW-Authenticate";
          case 405 -> "Allow";
          case 429, 503 -> "Retry-After";
          default -> "";
        };
    return needed.isEmpty() || !answer.header(needed).isEmpty()
        ? List.of()
        : List.of(answer.status() + " without " + needed);
  }

  /**
   * Each error names a place that the caller knows: a parameter, or a pointer into the body; or
   * what the caller sent in place of a parameter.
   */
  private static List<String> ofErrors(FuzzRequest request, JsonNode problem) {
    List<String> wrong = new ArrayList<>();
    for (JsonNode error : problem.path("errors")) {
      String pointer = error.path("pointer").asText("?");
      if (error.path("detail").asText().isBlank()) {
        wrong.add("error at '" + pointer + "' without detail");
      }
      boolean known =
          pointer.isEmpty()
              || pointer.startsWith("/")
              || pointer.startsWith("row ") // of a table
              || request.names(pointer)
              || error.path("detail").asText().equals("is not known here");
      if (!known) {
        wrong.add("errors name '" + pointer + "', which is no parameter");
      }
    }
    return wrong;
  }

  private static Optional<String> inside(String text) {
    Matcher leak = INSIDE.matcher(text);
    return leak.find()
        ? Optional.of("tells of the inside: '" + leak.group() + "'")
        : Optional.empty();
  }
}
