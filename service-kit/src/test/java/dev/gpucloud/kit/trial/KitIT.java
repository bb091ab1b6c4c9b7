package dev.gpucloud.kit.trial;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import dev.gpucloud.testsupport.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "trial"))
class KitIT {
  @Inject Transactions transactions;
  @Inject Outbox outbox;

  private final String tenantA = UUID.randomUUID().toString();
  private final String tenantB = UUID.randomUUID().toString();
  private final String operatorOfA = "operator-" + tenantA;
  private final String viewerOfA = "viewer-" + tenantA;
  private final String operatorOfB = "operator-" + tenantB;

  @BeforeEach
  void twoTenants() throws Exception {
    tenant(tenantA);
    tenant(tenantB);
    member(tenantA, operatorOfA, "OPERATOR");
    member(tenantA, viewerOfA, "VIEWER");
    member(tenantB, operatorOfB, "OPERATOR");
    eventually(
        () ->
            count(
                    "select count(*) from member_ref where tenant_id in ('%s','%s')",
                    tenantA, tenantB)
                == 3);
    eventually(
        () ->
            count(
                    "select count(*) from tenant_ref where tenant_id in ('%s','%s')",
                    tenantA, tenantB)
                == 2);
  }

  @Test
  void theDatabaseEndsATransactionWhoseReplicaStandsStill() {
    String bound =
        transactions
            .systemSql(
                c ->
                    c.query("show idle_in_transaction_session_timeout")
                        .execute()
                        .map(rows -> rows.iterator().next().getString(0)))
            .await()
            .atMost(Duration.ofSeconds(30));

    assertThat(bound).isEqualTo("10s");
  }

  @Test
  void theSecondWallHoldsWithoutAWhereClause() throws Exception {
    create(operatorOfA, tenantA, "key-00001", "of A").statusCode(201);
    create(operatorOfB, tenantB, "key-00001", "of B").statusCode(201);

    as(operatorOfA)
        .get(notes(tenantA))
        .then()
        .statusCode(200)
        .body("items", hasSize(1))
        .body("items[0].text", equalTo("of A"));
    assertThat(seenBy("trial_app", tenantA)).containsExactly("of A");
    assertThat(seenBy("trial_app", "")).isEmpty();
    assertThat(seenBy("trial_platform", "")).contains("of A", "of B");
  }

  @Test
  void whatBeganRunsToItsEndThoughTheClientWentAway() throws Exception {
    String body = "{\"text\":\"left behind\"}";
    String head =
        "POST %s/slow HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %s\r\n"
            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s";
    String token = TestTokens.user(operatorOfA, operatorOfA);
    for (int i = 0; i < 10; i++) {
      try (Socket socket = new Socket("127.0.0.1", RestAssured.port)) {
        socket
            .getOutputStream()
            .write(head.formatted(notes(tenantA), token, body.length(), body).getBytes(UTF_8));
        Thread.sleep(100); // the first step is under way
      }
      as(operatorOfB).get(notes(tenantB)).then().statusCode(200).body("items", hasSize(0));
    }

    eventually(() -> count("select count(*) from note where tenant_id = '%s'", tenantA) == 10);
    assertThat(
            count(
                "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and state = 'idle in transaction'"))
        .isZero();
  }

  @Test
  void theLoginRoleAloneSeesNothing() throws Exception {
    try (Connection c = TestDatabase.as("trial_login", tenantA);
        Statement s = c.createStatement()) {
      assertThat(refused(s, "select * from note")).contains("permission denied");
    }
  }

  @Test
  void anotherTenantsRowCannotBeWritten() throws Exception {
    try (Connection c = TestDatabase.as("trial_app", tenantA);
        Statement s = c.createStatement()) {
      String insert = "insert into note values ('%s','%s','x',0)".formatted(Ids.next(), tenantB);
      assertThat(refused(s, insert)).contains("row-level security");
    }
  }

  @Test
  void strangersGet404AndViewers403() {
    create(operatorOfB, tenantA, "key-00002", "x")
        .statusCode(404)
        .body("code", equalTo("NOT_FOUND"));
    create(viewerOfA, tenantA, "key-00002", "x")
        .statusCode(403)
        .body("code", equalTo("FORBIDDEN"))
        .body("params.requiredRoles[0]", equalTo("OPERATOR"));
    create(operatorOfA, UUID.randomUUID().toString(), "key-00002", "x").statusCode(404);
  }

  @Test
  void theGatewayHearsToWhichTenantACallerWasLetIn() {
    as(operatorOfA)
        .get(notes(tenantA))
        .then()
        .statusCode(200)
        .header("X-GpuCloud-Tenant", endsWith(tenantA));
    as(operatorOfB)
        .get(notes(tenantA))
        .then()
        .statusCode(404)
        .header("X-GpuCloud-Tenant", nullValue());
    create(viewerOfA, tenantA, "key-00003", "x")
        .statusCode(403)
        .header("X-GpuCloud-Tenant", nullValue());
  }

  @Test
  void aRevocationActsAlthoughRolesAreRemembered() throws Exception {
    as(operatorOfA).get(notes(tenantA)).then().statusCode(200);

    TestKafka.send(membership(tenantA, operatorOfA, "", 2));

    eventually(() -> as(operatorOfA).get(notes(tenantA)).statusCode() == 404);
  }

  @Test
  void onlyGoodTokensPass() {
    given().get(notes(tenantA)).then().statusCode(401).body("code", equalTo("UNAUTHENTICATED"));
    withToken(TestTokens.expired(operatorOfA)).get(notes(tenantA)).then().statusCode(401);
    withToken(TestTokens.forged(operatorOfA))
        .get(notes(tenantA))
        .then()
        .statusCode(401)
        .contentType("application/problem+json")
        .body("code", equalTo("UNAUTHENTICATED"));
    withToken(TestTokens.forAudience(operatorOfA, "other"))
        .get(notes(tenantA))
        .then()
        .statusCode(401);
    withToken("nonsense").get(notes(tenantA)).then().statusCode(401);
  }

  @Test
  void aProblemHasItsTitleInTheLanguageAskedFor() {
    as(operatorOfB)
        .header("Accept-Language", "ko-KR,ko;q=0.9,en;q=0.8")
        .get(notes(tenantA))
        .then()
        .statusCode(404)
        .header("Content-Language", "ko")
        .body("code", equalTo("NOT_FOUND"))
        .body("title", equalTo("이 주소에는 아무것도 없습니다"))
        .body("detail", startsWith("No such tenant or project"));
    as(operatorOfB)
        .header("Accept-Language", "fr")
        .get(notes(tenantA))
        .then()
        .header("Content-Language", nullValue())
        .body("title", equalTo("Nothing here under this address"));
  }

  @Test
  void deniesByDefaultAndByPlatformRole() {
    as(operatorOfA).get(notes(tenantA) + "/unannotated").then().statusCode(403);
    as(operatorOfA)
        .get(notes(tenantA) + "/all")
        .then()
        .statusCode(403)
        .body("code", equalTo("FORBIDDEN"))
        .body("params.requiredPlatformRoles", equalTo(List.of("platform-admin")))
        .body("detail", startsWith("This needs the platform role platform-admin, "));
    withToken(TestTokens.user("adm", "adm", "platform-admin"))
        .get(notes(tenantA) + "/all")
        .then()
        .statusCode(200);
  }

  @Test
  void repeatsTheFirstAnswerForTheSameKey() throws Exception {
    String first =
        create(operatorOfA, tenantA, "key-00003", "once").statusCode(201).extract().asString();

    String second =
        create(operatorOfA, tenantA, "key-00003", "once")
            .statusCode(201)
            .header("Idempotency-Replayed", "true")
            .header("ETag", "\"0\"")
            .extract()
            .asString();

    assertThat(second).isEqualTo(first);
    assertThat(count("select count(*) from note where text = 'once' and tenant_id = '%s'", tenantA))
        .isEqualTo(1);
    create(operatorOfA, tenantA, "key-00003", "other")
        .statusCode(422)
        .body("code", equalTo("IDEMPOTENCY_KEY_REUSED"));
  }

  @Test
  void twoKeysAreNone() {
    json(operatorOfA)
        .header("Idempotency-Key", "key-00007", "key-00008")
        .body("{\"text\":\"x\"}")
        .post(notes(tenantA))
        .then()
        .statusCode(400)
        .body("code", equalTo("IDEMPOTENCY_KEY_REQUIRED"))
        .body("errors[0].pointer", equalTo("Idempotency-Key"));
  }

  @Test
  void theSameKeyInParallelHasOneEffect() throws Exception {
    try (var pool = Executors.newFixedThreadPool(8)) {
      List<Callable<Integer>> calls =
          IntStream.range(0, 8)
              .<Callable<Integer>>mapToObj(
                  i ->
                      () ->
                          create(operatorOfA, tenantA, "key-parallel", "race")
                              .extract()
                              .statusCode())
              .toList();
      List<Integer> codes = new ArrayList<>();
      for (Future<Integer> f : pool.invokeAll(calls)) {
        codes.add(f.get());
      }
      assertThat(codes).contains(201).allMatch(code -> code == 201 || code == 409);
    }
    assertThat(count("select count(*) from note where text = 'race' and tenant_id = '%s'", tenantA))
        .isEqualTo(1);
  }

  @Test
  void namesTheFaultsOfABodyThatCannotBeReadWithThoseThatWouldFollow() {
    post(operatorOfA, "{\"text\":\"\",\"stars\":\"many\",\"colour\":1}")
        .statusCode(400)
        .body("code", equalTo("VALIDATION_FAILED"))
        .body("detail", equalTo("3 values are invalid."))
        .body("errors.pointer", equalTo(List.of("/stars", "/colour", "/text")))
        .body("errors[0].detail", equalTo("must be a whole number"));
    post(operatorOfA, "{\"text\":\"x\",\"colour\":1,\"shape\":2}")
        .statusCode(400)
        .body("code", equalTo("UNKNOWN_FIELD"))
        .body("errors.pointer", equalTo(List.of("/colour", "/shape")));
  }

  @Test
  void saysThatABodyIsCompressed() {
    json(operatorOfA)
        .header("Idempotency-Key", "key-00009")
        .header("Content-Encoding", "gzip")
        .body("{\"text\":\"x\"}")
        .post(notes(tenantA))
        .then()
        .statusCode(415)
        .body("code", equalTo("UNSUPPORTED_MEDIA_TYPE"))
        .body("detail", startsWith("The body is compressed, as its Content-Encoding says;"));
    json(operatorOfA)
        .header("Idempotency-Key", "key-00009")
        .header("Content-Encoding", "identity")
        .body("{\"text\":\"x\"}")
        .post(notes(tenantA))
        .then()
        .statusCode(201);
  }

  @Test
  void refusesParametersThatThereAreNot() throws Exception {
    as(operatorOfA)
        .get(notes(tenantA) + "?lmit=5&pageSize=5&colour=red")
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_PARAMETER"))
        .body(
            "detail",
            equalTo(
                "The query has a parameter that is not known here: colour; known are pageSize,"
                    + " pageToken."))
        .body("params.known", equalTo(List.of("pageSize", "pageToken")))
        .body("errors.pointer", equalTo(List.of("colour", "lmit")));
    as(operatorOfB).get(notes(tenantA) + "?lmit=5").then().statusCode(404);
    json(operatorOfA)
        .header("Idempotency-Key", "key-00010")
        .body("{\"text\":\"asked only\"}")
        .post(notes(tenantA) + "?validateOnly=true")
        .then()
        .statusCode(400)
        .body("detail", endsWith("validateOnly; there are none here."));
    assertThat(count("select count(*) from note where text = 'asked only'")).isZero();
  }

  @Test
  void namesEveryFaultOfABody() {
    create(operatorOfA, tenantA, null, "x")
        .statusCode(400)
        .body("code", equalTo("IDEMPOTENCY_KEY_REQUIRED"));
    post(operatorOfA, "{\"text\":\"x\",\"colour\":1}")
        .statusCode(400)
        .body("code", equalTo("UNKNOWN_FIELD"))
        .body("errors[0].pointer", equalTo("/colour"));
    post(operatorOfA, "{\"text\":")
        .statusCode(400)
        .body("code", equalTo("MALFORMED_BODY"))
        .body("detail", containsString("line 1"));
    post(operatorOfA, "{\"text\":\"\"}")
        .statusCode(400)
        .body("code", equalTo("VALIDATION_FAILED"))
        .body("errors[0].pointer", equalTo("/text"));
    post(operatorOfA, "{\"text\":\"x\",\"stars\":\"many\"}")
        .statusCode(400)
        .body("code", equalTo("VALIDATION_FAILED"))
        .body("errors[0].pointer", equalTo("/stars"));
    for (String noText : List.of("5", "1.5", "true")) {
      post(operatorOfA, "{\"text\":" + noText + "}")
          .statusCode(400)
          .body("code", equalTo("VALIDATION_FAILED"))
          .body("errors[0].pointer", equalTo("/text"))
          .body("errors[0].detail", equalTo("'" + noText + "' is not a string"));
    }
    post(operatorOfA, "").statusCode(400);
    post(operatorOfA, "{\"text\":\"" + "x".repeat(100_000) + "\"}")
        .statusCode(413)
        .body("code", equalTo("BODY_TOO_LARGE"));
  }

  @Test
  void leaksNothingOfAFailure() {
    withToken(TestTokens.user("adm", "adm", "platform-admin"))
        .header("X-Request-Id", "my-request-1")
        .get(notes(tenantA) + "/failing")
        .then()
        .statusCode(500)
        .header("X-Request-Id", "my-request-1")
        .body("code", equalTo("INTERNAL"))
        .body("requestId", equalTo("my-request-1"))
        .body("detail", not(containsString("secret")));
  }

  @Test
  void unknownPathsAndMethodsAreProblems() {
    as(operatorOfA)
        .get("/api/v1/nowhere")
        .then()
        .statusCode(404)
        .body("code", equalTo("NOT_FOUND"));
    as(operatorOfA)
        .delete(notes(tenantA))
        .then()
        .statusCode(405)
        .header("Allow", "GET, HEAD, POST")
        .body("code", equalTo("METHOD_NOT_ALLOWED"));
    as(operatorOfA).get(notes(tenantA) + "?pageSize=0").then().statusCode(anyOk());
  }

  private static org.hamcrest.Matcher<Integer> anyOk() {
    return equalTo(200);
  }

  @Test
  void editsNeedTheVersionSeen() {
    String id =
        create(operatorOfA, tenantA, "key-00004", "edit me").extract().path("id").toString();
    String path = notes(tenantA) + "/" + id;

    json(operatorOfA).body("{\"text\":\"new\"}").put(path).then().statusCode(428);
    json(operatorOfA)
        .header("If-Match", "\"7\"")
        .body("{\"text\":\"new\"}")
        .put(path)
        .then()
        .statusCode(412);
    json(operatorOfA)
        .header("If-Match", "\"0\"")
        .body("{\"text\":\"new\"}")
        .put(path)
        .then()
        .statusCode(200)
        .header("ETag", "\"1\"");
  }

  @Test
  void aChangeAndItsEventArriveTogetherWithTheirTrace() {
    String id =
        as(operatorOfA)
            .contentType("application/json")
            .header("Idempotency-Key", "key-00005")
            .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .body("{\"text\":\"traced\"}")
            .post(notes(tenantA))
            .then()
            .statusCode(201)
            .body("stars", nullValue())
            .extract()
            .path("id")
            .toString();

    var event =
        TestKafka.await(
                "inventory.instances.v1", 1, Duration.ofSeconds(20), r -> id.equals(r.key()))
            .getFirst();

    assertThat(TestKafka.header(event, "ce_type")).isEqualTo("note.created");
    assertThat(TestKafka.header(event, "ce_source")).isEqualTo("/kit-trial");
    assertThat(TestKafka.header(event, "ce_tenantid")).isEqualTo("ten_" + tenantA);
    assertThat(TestKafka.header(event, "ce_sequence")).isEqualTo("1");
    assertThat(TestKafka.header(event, "traceparent"))
        .startsWith("00-0af7651916cd43dd8448eb211c80319c-");
  }

  @Test
  void anEventThatTheBrokerRefusesWaitsAloneAndIsSentOnceItsTopicIsRight() throws Exception {
    String stuck = UUID.randomUUID().toString();
    execute(
        """
        insert into outbox (topic, count, events) values ('no such topic', 1, '[{"id": "%s",
          "key": "%s", "type": "note.made", "subject": "%s", "sequence": 1,
          "time": "2026-11-02T00:00:00Z", "data": "{}"}]')\
        """
            .formatted(Ids.next(), stuck, stuck));
    String id = create(operatorOfA, tenantA, "key-00006", "goes on").extract().path("id");

    TestKafka.await("inventory.instances.v1", 1, Duration.ofSeconds(30), r -> id.equals(r.key()));
    eventually(
        () -> count("select count(*) from outbox where events not like '%%%s%%'", stuck) == 0);
    assertThat(count("select count(*) from outbox where events like '%%%s%%'", stuck)).isEqualTo(1);
    execute(
        "update outbox set topic = 'inventory.instances.v1' where events like '%" + stuck + "%'");

    TestKafka.await(
        "inventory.instances.v1", 1, Duration.ofSeconds(30), r -> stuck.equals(r.key()));
    eventually(() -> count("select count(*) from outbox where events like '%%%s%%'", stuck) == 0);
  }

  @Test
  void aBatchOfManyEventsIsPackedInTheOutboxAndSentAsItWasTold() throws Exception {
    String key = UUID.randomUUID().toString();
    List<OutboxEvent> batch = new ArrayList<>();
    for (int n = 1; n <= 64; n++) {
      batch.add(
          new OutboxEvent(
              Ids.next(),
              "inventory.instances.v1",
              key,
              "note.made",
              key,
              null,
              n,
              Instant.now(),
              Map.of("text", "한글 " + n)));
    }
    OutboxEvent alone =
        new OutboxEvent(
            Ids.next(), "trial.alone.v1", key, "note.made", key, null, 1, Instant.now(), Map.of());

    List<Boolean> packed = new ArrayList<>();
    transactions
        .systemSql(
            c ->
                outbox
                    .append(c, Stream.concat(batch.stream(), Stream.of(alone)).toList())
                    .chain(
                        () ->
                            c.query("select packed is not null from outbox order by position")
                                .execute())
                    .invoke(rows -> rows.forEach(row -> packed.add(row.getBoolean(0))))
                    .chain(
                        () ->
                            c.query("delete from outbox where topic = 'trial.alone.v1'").execute()))
        .await()
        .atMost(Duration.ofSeconds(30));

    assertThat(packed).endsWith(true, false);
    var sent =
        TestKafka.await(
            "inventory.instances.v1", 64, Duration.ofSeconds(30), r -> key.equals(r.key()));
    assertThat(sent)
        .extracting(ConsumerRecord::value)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 64).mapToObj("{\"text\":\"한글 %d\"}"::formatted).toList());
  }

  @Test
  void eventsTakeEffectOnceAndInOrder() throws Exception {
    String key = UUID.randomUUID().toString();
    var first = event(key, 1);
    var third = event(key, 3);
    TestKafka.send(third, first, first, third);
    eventually(() -> count("select count(*) from parked_event where stream like '%%%s'", key) == 1);
    assertThat(heard(key)).containsExactly(1L);

    TestKafka.send(event(key, 2));

    eventually(() -> heard(key).size() == 3);
    assertThat(heard(key)).containsExactly(1L, 2L, 3L);
    assertThat(count("select count(*) from parked_event where stream like '%%%s'", key)).isZero();
  }

  @Test
  void theSameIdWithAnotherPayloadIsQuarantined() throws Exception {
    String key = UUID.randomUUID().toString();
    var event = event(key, 1);
    TestKafka.send(
        event,
        new TestKafka.Event(
            event.id(), event.source(), event.topic(), key, event.type(), "", 1, "{\"other\":1}"));

    eventually(
        () -> count("select count(*) from quarantined_event where id = '%s'", event.id()) == 1);
    assertThat(heard(key)).containsExactly(1L);
  }

  @Test
  void poisonGoesToTheDeadLetterTopicAndTheRestGoesOn() throws Exception {
    String key = UUID.randomUUID().toString();
    String after = UUID.randomUUID().toString();
    TestKafka.send(
        TestKafka.Event.of("/t", "inventory.instances.v1", key, "note.poison", "", 1, "{}"),
        TestKafka.Event.of("/t", "inventory.instances.v1", after, "note.fine", "", 1, "{}"));

    TestKafka.await("dead-letters.v1", 1, Duration.ofSeconds(30), r -> r.value().contains(key));
    eventually(() -> heard(after).size() == 1);
    assertThat(heard(key)).isEmpty();
  }

  private static TestKafka.Event event(String key, long sequence) {
    return TestKafka.Event.of(
        "/t", "inventory.instances.v1", key, "note.made", "", sequence, "{\"n\":" + sequence + "}");
  }

  private void tenant(String id) {
    TestKafka.send(
        TestKafka.Event.of(
            "/tenant-service",
            "tenant.tenants.v1",
            "ten_" + id,
            "tenant.created",
            "ten_" + id,
            1,
            """
            {"tenantId":"ten_%s","slug":"t-%s","name":"T","kind":"EXTERNAL","state":"ACTIVE"}\
            """
                .formatted(id, id)));
  }

  private void member(String tenant, String subject, String role) {
    TestKafka.send(membership(tenant, subject, "\"" + role + "\"", 1));
  }

  private static TestKafka.Event membership(
      String tenant, String subject, String roles, long sequence) {
    return TestKafka.Event.of(
        "/tenant-service",
        "tenant.memberships.v1",
        "ten_" + tenant + "/" + subject,
        "membership.set",
        "ten_" + tenant,
        sequence,
        """
        {"tenantId":"ten_%s","subject":"%s","username":"u","roles":[%s]}\
        """
            .formatted(tenant, subject, roles));
  }

  private static String notes(String tenant) {
    return "/api/v1/tenants/ten_" + tenant + "/notes";
  }

  private static RequestSpecification withToken(String token) {
    return given().header("Authorization", "Bearer " + token);
  }

  private static RequestSpecification as(String subject) {
    return withToken(TestTokens.user(subject, subject));
  }

  private static RequestSpecification json(String subject) {
    return as(subject).contentType("application/json");
  }

  private ValidatableResponse post(String subject, String body) {
    return json(subject)
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(body)
        .post(notes(tenantA))
        .then();
  }

  private static ValidatableResponse create(
      String subject, String tenant, String key, String text) {
    RequestSpecification request = json(subject).body("{\"text\":\"" + text + "\"}");
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    return request.post(notes(tenant)).then();
  }

  private static List<Long> heard(String key) throws SQLException {
    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement();
        ResultSet rows =
            s.executeQuery("select sequence from heard where key = '" + key + "' order by id")) {
      var found = new ArrayList<Long>();
      while (rows.next()) {
        found.add(rows.getLong(1));
      }
      return found;
    }
  }

  private static List<String> seenBy(String role, String tenant) throws SQLException {
    try (Connection c = TestDatabase.as(role, tenant);
        Statement s = c.createStatement();
        ResultSet rows = s.executeQuery("select text from note")) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  private static String refused(Statement s, String sql) {
    try {
      s.execute(sql);
      return "";
    } catch (SQLException e) {
      return e.getMessage();
    }
  }

  private static long count(String sql, Object... args) throws SQLException {
    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement();
        ResultSet rows = s.executeQuery(sql.formatted(args))) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void execute(String sql) throws SQLException {
    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement()) {
      s.execute(sql);
    }
  }

  private interface Check {
    boolean holds() throws Exception;
  }

  private static void eventually(Check check) throws Exception {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(10));
    while (!check.holds()) {
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError("did not come true within 10 s");
      }
      Thread.sleep(50);
    }
  }
}
