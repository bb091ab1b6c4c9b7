package dev.gpucloud.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What must be refused, precisely, and without changing anything. */
class BadInputIT {
  private static final String INSTANCES = "/projects/hanbit-robotics.isaac-training/instances";
  private static final String FOREIGN = "/projects/sk-hynix.fab-digital-twin/instances";
  private static final List<String> PROJECTS =
      List.of(
          "hanbit-robotics.isaac-training",
          "sk-hynix.fab-digital-twin",
          "seoul-public.minwon-assistant");
  private static final String GOOD = "{\"name\":\"n\",\"instanceType\":\"b200.1x\"}";

  private final Http operator = Product.as("hanbit-robotics-operator");
  private List<JsonNode> before;

  @BeforeEach
  void rememberTheState() {
    before = state();
  }

  @AfterEach
  void nothingChanged() {
    assertThat(state()).isEqualTo(before);
  }

  /** What the tenants of these tests use and have. */
  private static List<JsonNode> state() {
    List<JsonNode> state = new ArrayList<>();
    for (String project : PROJECTS) {
      String tenant = project.substring(0, project.indexOf('.'));
      Http someone = Product.as(tenant + "-operator");
      state.add(someone.get("/tenants/" + tenant + "/quota-usage").expect(200).json());
      JsonNode items =
          someone.get("/projects/" + project + "/instances").expect(200).json().path("items");
      items.forEach(
          item -> {
            if (!item.path("state").asText().equals("DELETED")) {
              state.add(item);
            }
          });
    }
    return state;
  }

  @Test
  void unknownInstanceTypeNamesTheValidOnes() {
    JsonNode problem =
        problem(
            operator.post(INSTANCES, "{\"name\":\"n\",\"instanceType\":\"b200.3x\"}"),
            422,
            "UNKNOWN_REFERENCE");

    assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/instanceType");
    assertThat(problem.at("/params/validInstanceTypes").toString()).contains("b200.8x");
  }

  @Test
  void malformedJsonAndUnknownFields() {
    problem(operator.post(INSTANCES, "{\"name\":"), 400, "MALFORMED_BODY");
    JsonNode unknown =
        problem(
            operator.post(INSTANCES, "{\"name\":\"n\",\"instanceType\":\"b200.1x\",\"gpu\":1}"),
            400,
            "UNKNOWN_FIELD");
    assertThat(unknown.at("/errors/0/pointer").asText()).isEqualTo("/gpu");
    JsonNode invalid =
        problem(
            operator.post(INSTANCES, "{\"name\":\"\",\"instanceType\":\"\"}"),
            400,
            "VALIDATION_FAILED");
    assertThat(invalid.path("errors").size()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void aMissingKeyIsRequired() {
    problem(operator.postWithoutKey(INSTANCES, GOOD), 400, "IDEMPOTENCY_KEY_REQUIRED");
  }

  @Test
  void aKeyIsGoodForOneRequest() {
    String key = UUID.randomUUID().toString();
    String id = operator.post(INSTANCES, GOOD, key).expect(202).json().path("id").asText();
    try {
      problem(
          operator.post(INSTANCES, "{\"name\":\"m\",\"instanceType\":\"b200.1x\"}", key),
          422,
          "IDEMPOTENCY_KEY_REUSED");
    } finally {
      operator.delete(INSTANCES + "/" + id).expect(202);
      Product.eventually(() -> operator.get(INSTANCES + "/" + id).json(), "/state", "DELETED");
    }
  }

  @Test
  void moreThanTheQuotaShowsLimitUsedAndAsked() {
    Http publicService = Product.as("seoul-public-operator");
    String path = "/projects/seoul-public.minwon-assistant/instances";
    JsonNode problem =
        problem(
            publicService.post(path, "{\"name\":\"n\",\"instanceType\":\"rtxpro6000.1x\"}"),
            409,
            "QUOTA_EXCEEDED");

    assertThat(problem.path("params").has("limit")).isTrue();
    assertThat(problem.path("params").has("used")).isTrue();
    assertThat(problem.path("params").has("asked")).isTrue();
  }

  @Test
  void noCapacityTellsWhatWouldFit() {
    Http hynix = Product.as("sk-hynix-operator");
    JsonNode problem =
        problem(
            hynix.post(FOREIGN, "{\"name\":\"n\",\"instanceType\":\"gb200.4x\"}"),
            409,
            "INSUFFICIENT_CAPACITY");

    assertThat(problem.path("params").toString()).contains("2027");
  }

  @Test
  void anotherTenantsInstanceDoesNotExist() {
    problem(operator.get(FOREIGN), 404, "NOT_FOUND");
    problem(operator.post(FOREIGN, GOOD), 404, "NOT_FOUND");
    problem(operator.get(INSTANCES + "/ins_" + UUID.randomUUID()), 404, "NOT_FOUND");
    problem(operator.get(INSTANCES + "/nonsense"), 404, "NOT_FOUND");
  }

  @Test
  void anotherTenantsInstanceCannotBeTouchedFromAnyProject() {
    String id = operator.post(INSTANCES, GOOD).expect(202).json().path("id").asText();
    Http stranger = Product.as("sk-hynix-operator");
    try {
      for (String project : List.of(INSTANCES, FOREIGN)) {
        problem(stranger.get(project + "/" + id), 404, "NOT_FOUND");
        problem(stranger.delete(project + "/" + id), 404, "NOT_FOUND");
        problem(stranger.post(project + "/" + id + "/stop", ""), 404, "NOT_FOUND");
      }
    } finally {
      operator.delete(INSTANCES + "/" + id).expect(202);
      Product.eventually(() -> operator.get(INSTANCES + "/" + id).json(), "/state", "DELETED");
    }
  }

  @Test
  void onlyGoodTokensPass() {
    problem(Product.withToken("").get(INSTANCES), 401, "UNAUTHENTICATED");
    problem(Product.withToken("abc").get(INSTANCES), 401, "UNAUTHENTICATED");
    problem(Product.withToken(forged()).get(INSTANCES), 401, "UNAUTHENTICATED");
  }

  /** A real token whose claims were changed after it was signed. */
  private static String forged() {
    String token = Product.stack().token("sk-hynix-operator");
    String[] parts = token.split("\\.");
    return parts[0] + "." + parts[1].substring(0, parts[1].length() - 4) + "AAAA." + parts[2];
  }

  @Test
  void aViewerMayLookAndNotCreate() {
    Http viewer = Product.as("hanbit-robotics-viewer");
    viewer.get(INSTANCES).expect(200);
    problem(viewer.post(INSTANCES, GOOD), 403, "FORBIDDEN");
    problem(viewer.get("/finance/invoices"), 403, "FORBIDDEN");
    problem(viewer.get("/admin/hosts"), 403, "FORBIDDEN");
  }

  @Test
  void aBodyOverTheLimit() {
    String large = "{\"name\":\"" + "x".repeat(2_000_000) + "\"}";
    problem(operator.post(INSTANCES, large), 413, "BODY_TOO_LARGE");
  }

  @Test
  void unknownPathsAndInternalRoutesAreNotThere() {
    problem(operator.get("/nowhere"), 404, "NOT_FOUND");
    problem(operator.get("/internal/v1/metering/positions?tenant=sk-hynix"), 404, "NOT_FOUND");
    problem(
        operator.get("/../../internal/v1/metering/positions?tenant=sk-hynix"),
        400,
        "INVALID_PARAMETER");
  }

  @Test
  void editsNeedTheVersionSeen() {
    String id = operator.post(INSTANCES, GOOD).expect(202).json().path("id").asText();
    String path = INSTANCES + "/" + id;
    try {
      problem(operator.patch(path, "", "{\"name\":\"new\"}"), 428, "PRECONDITION_REQUIRED");
      problem(operator.patch(path, "\"999\"", "{\"name\":\"new\"}"), 412, "VERSION_MISMATCH");
    } finally {
      operator.delete(path).expect(202);
      Product.eventually(() -> operator.get(path).json(), "/state", "DELETED");
    }
  }

  @Test
  void listsRefuseBadPages() {
    problem(operator.get(INSTANCES + "?pageSize=none"), 400, "INVALID_PARAMETER");
    problem(operator.get(INSTANCES + "?pageToken=%21"), 400, "INVALID_PAGE_TOKEN");
  }

  private static JsonNode problem(Http.Answer answer, int status, String code) {
    JsonNode problem = answer.expect(status).json();
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(problem.path("code").asText()).isEqualTo(code);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("requestId").asText()).isNotBlank();
    return problem;
  }
}
