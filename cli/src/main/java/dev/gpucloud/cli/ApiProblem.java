package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.problem.ProblemLanguage;
import dev.gpucloud.contracts.problem.ProblemType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A refusal of the API (RFC 9457), with everything the user needs to act on it. */
public final class ApiProblem extends CliException {
  private final int status;
  private final transient JsonNode body;
  private final @Nullable String wayOut;

  /**
   * A refusal.
   *
   * @param wayOut what to do in place of what the kind of problem says
   */
  ApiProblem(int status, JsonNode body, @Nullable String wayOut) {
    super(
        ExitCode.ofStatus(status),
        message(status, body, english -> english, ProblemLanguage.ENGLISH),
        hints(body, wayOut, english -> english, ProblemLanguage.ENGLISH).toArray(String[]::new));
    this.status = status;
    this.body = body;
    this.wayOut = wayOut;
  }

  /** HTTP status of the answer. */
  public int status() {
    return status;
  }

  /** The code clients switch on, or an empty string when the answer was not a problem of ours. */
  public String code() {
    return body.path("code").asText("");
  }

  /** The whole problem document. */
  public JsonNode body() {
    return body;
  }

  /** The sentence for the user: what happened, which the API says in English, else of what kind. */
  String message(Terminal reader) {
    return message(status, body, reader::sentence, reader.language());
  }

  /** The lines below the sentence. */
  List<String> hints(Terminal reader) {
    return hints(body, wayOut, reader::sentence, reader.language());
  }

  private static String message(
      int status, JsonNode body, UnaryOperator<String> text, ProblemLanguage language) {
    String code = body.path("code").asText("");
    String title = body.path("title").asText("");
    String detail = body.path("detail").asText("");
    String what =
        language == ProblemLanguage.ENGLISH
            ? detail.isEmpty() ? title : detail
            : type(code).map(type -> type.title(language)).orElse(title.isEmpty() ? detail : title);
    if (what.isEmpty()) {
      what = text.apply("The server answered with HTTP status %s.").formatted(status);
    }
    return code.isEmpty() ? what : code + " (" + status + "): " + what;
  }

  private static List<String> hints(
      JsonNode body,
      @Nullable String wayOut,
      UnaryOperator<String> text,
      ProblemLanguage language) {
    List<String> hints = new ArrayList<>();
    if (language != ProblemLanguage.ENGLISH && !body.path("detail").asText("").isEmpty()) {
      hints.add(text.apply("detail: %s").formatted(text.apply(body.path("detail").asText())));
    }
    for (JsonNode error : body.path("errors")) {
      hints.add(error.path("pointer").asText() + ": " + text.apply(error.path("detail").asText()));
    }
    for (Map.Entry<String, JsonNode> param : body.path("params").properties()) {
      if (!param.getValue().isEmpty() || param.getValue().isValueNode()) {
        hints.add(param.getKey() + ": " + text(param.getValue()));
      }
    }
    Optional.ofNullable(wayOut)
        .map(text)
        .or(() -> type(body.path("code").asText("")).map(type -> type.wayOut(language)))
        .ifPresent(way -> hints.add(text.apply("what to do: %s").formatted(way)));
    if (body.hasNonNull("requestId")) {
      hints.add(text.apply("request id: %s").formatted(body.path("requestId").asText()));
    }
    return hints;
  }

  private static Optional<ProblemType> type(String code) {
    return Arrays.stream(ProblemType.values()).filter(type -> type.name().equals(code)).findFirst();
  }

  private static String text(JsonNode value) {
    List<String> parts = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(item -> parts.add(text(item)));
      return String.join(value.path(0).isObject() ? "; " : ", ", parts);
    }
    if (value.isObject()) {
      value.properties().forEach(f -> parts.add(f.getKey() + " " + text(f.getValue())));
      return String.join(", ", parts);
    }
    return value.asText();
  }
}
