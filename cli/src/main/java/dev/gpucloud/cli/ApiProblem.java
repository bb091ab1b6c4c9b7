package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A refusal of the API (RFC 9457), with everything the user needs to act on it. */
public final class ApiProblem extends CliException {
  private final int status;
  private final transient JsonNode body;

  ApiProblem(int status, JsonNode body) {
    super(ExitCode.ofStatus(status), message(status, body), hints(body).toArray(String[]::new));
    this.status = status;
    this.body = body;
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

  private static String message(int status, JsonNode body) {
    String code = body.path("code").asText("");
    String title = body.path("title").asText("");
    String detail = body.path("detail").asText("");
    String what = detail.isEmpty() ? title : detail;
    if (what.isEmpty()) {
      what = "The server answered with HTTP status " + status + ".";
    }
    return code.isEmpty() ? what : code + " (" + status + "): " + what;
  }

  private static List<String> hints(JsonNode body) {
    List<String> hints = new ArrayList<>();
    for (JsonNode error : body.path("errors")) {
      hints.add(error.path("pointer").asText() + ": " + error.path("detail").asText());
    }
    for (Map.Entry<String, JsonNode> param : body.path("params").properties()) {
      if (!param.getValue().isEmpty() || param.getValue().isValueNode()) {
        hints.add(param.getKey() + ": " + text(param.getValue()));
      }
    }
    String wayOut = wayOut(body.path("code").asText(""));
    if (!wayOut.isEmpty()) {
      hints.add("what to do: " + wayOut);
    }
    if (body.hasNonNull("requestId")) {
      hints.add("request id: " + body.path("requestId").asText());
    }
    return hints;
  }

  private static String wayOut(String code) {
    for (ProblemType type : ProblemType.values()) {
      if (type.name().equals(code)) {
        return type.wayOut();
      }
    }
    return "";
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
