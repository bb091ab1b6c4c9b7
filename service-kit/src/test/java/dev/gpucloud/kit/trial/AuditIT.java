package dev.gpucloud.kit.trial;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.kit.audit.Denials;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestKafka;
import dev.gpucloud.testsupport.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a request leaves in the audit log although its resource says nothing about it. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "trial"))
class AuditIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Inject Denials denials;

  private final String tenant = UUID.randomUUID().toString();
  private final String operator = "operator-" + tenant;
  private final String notes = "/api/v1/tenants/ten_" + tenant + "/notes";

  @BeforeEach
  void aTenantWithAnOperator() {
    TestKafka.send(
        TestKafka.Event.of(
            "/tenant-service",
            Topics.TENANTS,
            "ten_" + tenant,
            "tenant.created",
            "ten_" + tenant,
            1,
            """
            {"tenantId":"ten_%s","slug":"t-%s","name":"T","kind":"EXTERNAL","state":"ACTIVE"}"""
                .formatted(tenant, tenant)),
        TestKafka.Event.of(
            "/tenant-service",
            Topics.MEMBERSHIPS,
            "ten_" + tenant + "/" + operator,
            "membership.set",
            "ten_" + tenant,
            1,
            """
            {"tenantId":"ten_%s","subject":"%s","username":"u","roles":["OPERATOR"]}"""
                .formatted(tenant, operator)));
    awaitStatus(200, () -> as(operator).get(notes));
  }

  @Test
  void aChangeNobodyToldLeavesAnEntryNamedByItsRoute() throws Exception {
    String request = request();
    create(operator, request, "key-of-the-change").then().statusCode(201);

    JsonNode entry = entries(request, 1).getFirst();

    assertThat(entry.path("action").asText()).isEqualTo("tenants.notes.create");
    assertThat(entry.path("category").asText()).isEqualTo("CHANGE");
    assertThat(entry.path("result").asText()).isEqualTo("DONE");
    assertThat(entry.path("service").asText()).isEqualTo("kit-trial");
    assertThat(entry.path("sourceAddress").asText()).isEqualTo("203.0.113.9");
    assertThat(entry.at("/actor/kind").asText()).isEqualTo("USER");
    assertThat(entry.at("/actor/subject").asText()).isEqualTo(operator);
    assertThat(entry.at("/target/type").asText()).isEqualTo("notes");
    assertThat(entry.at("/target/tenant").asText()).isEqualTo("ten_" + tenant);
  }

  @Test
  void theAnswerOfAKeyAskedForAgainIsNoSecondChange() throws Exception {
    String first = request();
    String again = request();
    create(operator, first, "key-sent-twice").then().statusCode(201);
    create(operator, again, "key-sent-twice")
        .then()
        .statusCode(201)
        .header("Idempotency-Replayed", "true");
    String last = request();
    create(operator, last, "another-key").then().statusCode(201);

    assertThat(entries(first, 1)).hasSize(1);
    assertThat(entries(last, 1)).hasSize(1);
    assertThat(entriesSoFar(again)).isEmpty();
  }

  @Test
  void aRefusedChangeLeavesNoEntryOfAChange() throws Exception {
    String refused = request();
    create(operator, refused, null).then().statusCode(400);
    String last = request();
    create(operator, last, "key-after-refusal").then().statusCode(201);

    assertThat(entries(last, 1)).hasSize(1);
    assertThat(entriesSoFar(refused)).isEmpty();
  }

  @Test
  void platformStaffThatReadLeaveOneEntryWithTheFilters() throws Exception {
    String request = request();
    as("the-admin", "platform-admin")
        .header("X-Request-Id", request)
        .queryParam("colour", "blue")
        .queryParam("accessToken", "do-not-write-me")
        .get(notes + "/all")
        .then()
        .statusCode(200);

    JsonNode entry = entries(request, 1).getFirst();

    assertThat(entry.path("category").asText()).isEqualTo("READ");
    assertThat(entry.path("action").asText()).isEqualTo("tenants.notes.all.read");
    assertThat(entry.at("/parameters/colour").asText()).isEqualTo("blue");
    assertThat(entry.toString()).doesNotContain("do-not-write-me");
  }

  @Test
  void aFloodOfDenialsIsOneEntryWithItsCount() throws Exception {
    String stranger = "stranger-" + tenant;
    for (int n = 0; n < 40; n++) {
      as(stranger).get(notes).then().statusCode(404);
    }
    as(operator).get(notes + "/all").then().statusCode(403);
    given()
        .header("Authorization", "Bearer " + TestTokens.expired("late-" + tenant))
        .get(notes)
        .then()
        .statusCode(401);
    given().get(notes).then().statusCode(401);

    denials.flush().await().atMost(PATIENCE);

    List<JsonNode> foreign = entriesOf(stranger, 1);
    assertThat(foreign).hasSize(1);
    assertThat(foreign.getFirst().path("count").asLong()).isEqualTo(40);
    assertThat(foreign.getFirst().path("status").asInt()).isEqualTo(404);
    assertThat(foreign.getFirst().path("result").asText()).isEqualTo("DENIED");
    assertThat(foreign.getFirst().path("action").asText()).contains("notes");
    assertThat(foreign.getFirst().at("/target/tenant").asText()).isEqualTo("ten_" + tenant);
    JsonNode late = entriesOf("late-" + tenant, 1).getFirst();
    assertThat(
            TestKafka.await(
                Topics.AUDIT_ENTRIES,
                1,
                PATIENCE,
                r -> r.value().contains(operator) && r.value().contains("\"status\":403")))
        .hasSize(1);
    assertThat(late.at("/actor/kind").asText()).isEqualTo("UNVERIFIED");
    assertThat(late.path("status").asInt()).isEqualTo(401);
    assertThat(late.path("sourceAddress").asText()).isEqualTo("127.0.0.1");
  }

  @Test
  void denialsOfManySubjectsMakeNoMoreEntriesThanConfigured() throws Exception {
    for (int n = 0; n < 60; n++) {
      as("swarm-" + n + "-" + tenant).get(notes).then().statusCode(404);
    }

    denials.flush().await().atMost(PATIENCE);

    List<JsonNode> many = entriesOf("(many)", 1);
    long named =
        entriesSoFar(tenant).stream()
            .filter(e -> e.at("/actor/subject").asText().startsWith("swarm-"))
            .count();
    long unnamed = many.stream().mapToLong(e -> e.path("count").asLong()).sum();
    assertThat(named).isPositive().isLessThanOrEqualTo(50);
    assertThat(named + unnamed).isGreaterThanOrEqualTo(60);
  }

  private static String request() {
    return UUID.randomUUID().toString();
  }

  private Response create(String subject, String request, String key) {
    RequestSpecification post =
        as(subject)
            .header("X-Request-Id", request)
            .header("X-Forwarded-For", "203.0.113.9")
            .contentType("application/json")
            .body("{\"text\":\"of note\"}");
    return (key == null ? post : post.header("Idempotency-Key", key)).post(notes);
  }

  private static RequestSpecification as(String subject, String... roles) {
    return given().header("Authorization", "Bearer " + TestTokens.user(subject, subject, roles));
  }

  private static List<JsonNode> entries(String requestId, int count) throws Exception {
    return entriesWith("\"requestId\":\"" + requestId, count);
  }

  private static List<JsonNode> entriesOf(String subject, int count) throws Exception {
    return entriesWith("\"subject\":\"" + subject + "\"", count);
  }

  private static List<JsonNode> entriesSoFar(String text) throws Exception {
    return parsed(TestKafka.present(Topics.AUDIT_ENTRIES, r -> r.value().contains(text)));
  }

  private static List<JsonNode> entriesWith(String text, int count) throws Exception {
    return parsed(
        TestKafka.await(Topics.AUDIT_ENTRIES, count, PATIENCE, r -> r.value().contains(text)));
  }

  private static List<JsonNode> parsed(List<ConsumerRecord<String, String>> records)
      throws Exception {
    var entries = new ArrayList<JsonNode>();
    for (ConsumerRecord<String, String> r : records) {
      entries.add(JSON.readTree(r.value()));
    }
    return entries;
  }

  private static void awaitStatus(int status, Supplier<Response> request) {
    Instant deadline = Instant.now().plus(PATIENCE);
    int answered = request.get().statusCode();
    while (answered != status && Instant.now().isBefore(deadline)) {
      Thread.onSpinWait();
      answered = request.get().statusCode();
    }
    assertThat(answered).isEqualTo(status);
  }
}
