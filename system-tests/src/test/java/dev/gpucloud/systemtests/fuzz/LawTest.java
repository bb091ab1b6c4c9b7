package dev.gpucloud.systemtests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LawTest {
  private static final Operation OPERATION =
      new Operation(
          "GET",
          "/api/v1/things",
          List.of(
              new Operation.Parameter(
                  "pageSize", "query", MissingNode.getInstance(), MissingNode.getInstance())),
          MissingNode.getInstance(),
          List.of(),
          Map.of());

  private final Draft draft = new Draft(OPERATION);
  private final Map<String, String> headers =
      new HashMap<>(Map.of("content-type", "application/problem+json", "x-request-id", "r1"));

  private static ObjectNode problem() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "/problems#not-found")
        .put("title", "Nothing here under this address")
        .put("status", 404)
        .put("detail", "There is no such thing.")
        .put("code", "NOT_FOUND")
        .put("requestId", "r1");
  }

  private String broken(int status, JsonNode body) {
    return broken(status, body.toString());
  }

  private String broken(int status, String body) {
    FuzzRequest request = new FuzzRequest(1, 2, Caller.OWNER, draft);
    return Law.broken(
            request, new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8), ""))
        .orElse("");
  }

  @Test
  void aProblemOfTheRegistryIsLawful() {
    assertThat(broken(404, problem())).isEmpty();
    assertThat(broken(200, "{}")).isEmpty();
  }

  @Test
  void theServicesFaultIsNot() {
    assertThat(broken(500, problem())).isEqualTo("status 500");
    assertThat(broken(503, problem())).isEqualTo("status 503");
    assertThat(broken(302, "")).isEqualTo("status 302");
  }

  @Test
  void whatIsNoProblemOrNotRegisteredIsNot() {
    assertThat(broken(404, "nothing")).isEqualTo("404 is not JSON");
    assertThat(broken(404, problem().put("code", "GONE"))).contains("GONE");
    assertThat(broken(404, problem().put("title", "Other"))).contains("status, title or type");
    assertThat(broken(400, problem())).contains("status, title or type");
    assertThat(broken(404, problem().put("detail", ""))).contains("no detail");
    assertThat(broken(404, problem().put("requestId", "r2"))).contains("requestId 'r2'");
    assertThat(broken(404, problem().put("cause", "x"))).contains("member cause");
    headers.put("content-type", "text/html");
    assertThat(broken(404, problem())).isEqualTo("404 is no problem but 'text/html'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.String is wrong",
        "NullPointerException",
        "at Thing.java:12",
        "duplicate key value",
        "select id from tenants",
        "No enum constant X",
        "see /home/someone/file",
        "127.0.0.1:8081 is down",
        "Request[name=a]"
      })
  void whatTellsOfTheInsideIsNot(String detail) {
    assertThat(broken(404, problem().put("detail", detail))).contains("tells of the inside");
  }

  @Test
  void errorsNamePlacesThatTheCallerKnows() {
    ObjectNode wrong = problem();
    wrong.putArray("errors").addObject().put("pointer", "arg.size").put("detail", "is wrong");
    assertThat(broken(404, wrong)).contains("'arg.size', which is no parameter");
    ObjectNode right = problem();
    right.putArray("errors").addObject().put("pointer", "pageSize").put("detail", "is wrong");
    right.withArray("errors").addObject().put("pointer", "/a/0").put("detail", "is wrong");
    assertThat(broken(404, right)).isEmpty();
  }

  @Test
  void theParserOfHttpMayAnswerBarelyWhatIsNone() {
    headers.clear();
    assertThat(broken(400, "")).isNotEmpty();
    draft.notHttp = true;
    assertThat(broken(400, "")).isEmpty();
    assertThat(broken(500, "")).isEqualTo("status 500");
  }
}
