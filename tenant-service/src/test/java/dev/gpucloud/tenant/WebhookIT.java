package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.await;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.Mailbox;
import dev.gpucloud.tenant.fixture.Receiver;
import dev.gpucloud.tenant.fixture.Receiver.Message;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a real receiver of HTTP on this machine. */
@TenantService
class WebhookIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Receiver receiver = new Receiver();

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void tellsWhatHappensSignedByTheStandardScheme() throws Exception {
    Tenant tenant = openTenant("hook");
    Response made = create(tenant, "{'url': '%s'}".formatted(receiver.url()));
    assertThat(made.statusCode()).describedAs(made.asString()).isEqualTo(201);
    String secret = made.jsonPath().getString("secret");
    assertThat(secret).startsWith("whsec_");
    assertThat(made.header("ETag")).isEqualTo("\"1\"");
    assertThat(made.header("Location")).endsWith("/webhooks/" + id(made));

    Response key =
        json(withKey(tenant.as("viewer")), "{'name': 'night', 'roles': ['VIEWER']}")
            .post("/tenants/" + tenant.slug() + "/api-keys");

    await(() -> receiver.messages().size() == 1);
    Message message = receiver.messages().getFirst();
    assertThat(message.path()).isEqualTo("/hook?a=b");
    assertThat(message.header("webhook-id")).startsWith("ntf_");
    assertThat(Long.parseLong(message.header("webhook-timestamp")))
        .isBetween(System.currentTimeMillis() / 1000 - 60, System.currentTimeMillis() / 1000 + 1);
    assertThat(message.header("webhook-signature")).isEqualTo(sign(secret, message));
    JsonNode body = JSON.readTree(message.body());
    assertThat(body.path("type").asText()).isEqualTo("api-key.created");
    assertThat(body.path("data").path("tenantId").asText()).isEqualTo(tenant.id());
    assertThat(body.path("data").path("resource").asText()).isEqualTo(key.jsonPath().get("id"));
    assertThat(body.path("data").path("keyName").asText()).isEqualTo("night");
    assertThat(body.path("data").path("notificationId").asText())
        .isEqualTo(message.header("webhook-id"));

    await(() -> dispatches(tenant, made).jsonPath().getString("items[0].state").equals("SENT"));
    Response told = dispatches(tenant, made);
    assertThat(told.jsonPath().getInt("items[0].lastStatus")).isEqualTo(204);
    assertThat(told.jsonPath().getInt("items[0].attempts")).isEqualTo(1);
    Response shown = tenant.as("operator").get(path(tenant) + "/" + id(made));
    assertThat(shown.jsonPath().getString("secret")).isNull();
    assertThat(shown.jsonPath().getInt("lastStatus")).isEqualTo(204);
    assertNowhereInTheClear(secret);
  }

  private static void assertNowhereInTheClear(String secret) {
    assertThat(
            Database.number("select count(*) from idempotency where body like '%" + secret + "%'"))
        .isZero();
    assertThat(
            Database.number(
                "select count(*) from webhook where position(decode('%s', 'base64') in secret) > 0"
                    .formatted(secret.substring("whsec_".length()))))
        .isZero();
  }

  @Test
  void tellsOnlyTheKindsAskedForAndNothingWhilePaused() {
    Tenant tenant = openTenant("hookkinds");
    Response made =
        create(tenant, "{'url': '%s', 'kinds': ['tenant.resumed']}".formatted(receiver.url()));
    invite(tenant);
    Response sent = test(tenant, made);
    assertThat(sent.statusCode()).describedAs(sent.asString()).isEqualTo(202);
    await(() -> receiver.messages().size() == 1);
    assertThat(receiver.messages().getFirst().header("webhook-id"))
        .isEqualTo(sent.jsonPath().getString("notificationId"));
    assertThat(receiver.messages().getFirst().body()).contains("\"type\":\"webhook.test\"");

    Response paused =
        json(
                tenant.as("owner").header("If-Match", "\"1\""),
                "{'url': '%s', 'enabled': false}".formatted(receiver.url()))
            .put(path(tenant) + "/" + id(made));
    assertThat(paused.jsonPath().getString("state")).isEqualTo("PAUSED");
    refused(test(tenant, made), 409, "STATE_CONFLICT");
    invite(tenant);
    assertThat(dispatches(tenant, made).jsonPath().getList("items.kind"))
        .containsExactly("webhook.test");
  }

  @Test
  void tellsEventsAsTheEventStreamHasThemOnceAndSigned() throws Exception {
    Tenant tenant = openTenant("hookevents");
    Tenant other = openTenant("hookothers");
    Response made =
        create(tenant, "{'url': '%s', 'events': ['instance.*']}".formatted(receiver.url()));
    assertThat(made.statusCode()).describedAs(made.asString()).isEqualTo(201);
    assertThat(made.jsonPath().getList("events")).containsExactly("instance.*");
    TestKafka.Event started = happened("instance.started", tenant);

    TestKafka.send(
        happened("instance.started", other), started, started, happened("quota.set", tenant));
    TestKafka.Event stopped = happened("instance.stopped", tenant);
    TestKafka.send(stopped);
    invite(tenant); // people are told, and a webhook that names events alone is not

    await(() -> receiver.messages().size() >= 2);
    await(
        () ->
            dispatches(tenant, made)
                .jsonPath()
                .getList("items.state")
                .equals(List.of("SENT", "SENT")));
    assertThat(receiver.messages().stream().map(m -> m.header("webhook-id")))
        .containsExactlyInAnyOrder(started.id(), stopped.id());
    Message message =
        receiver.messages().stream()
            .filter(m -> m.header("webhook-id").equals(started.id()))
            .findFirst()
            .orElseThrow();
    assertThat(message.header("content-type")).isEqualTo("application/cloudevents+json");
    assertThat(message.header("webhook-signature"))
        .isEqualTo(sign(made.jsonPath().getString("secret"), message));
    JsonNode event = JSON.readTree(message.body());
    assertThat(event.path("type").asText()).isEqualTo("instance.started");
    assertThat(event.path("tenantid").asText()).isEqualTo(tenant.id());
    assertThat(event.path("data").path("n").asInt()).isEqualTo(1);
    assertThat(event.path("specversion").asText()).isEqualTo("1.0");
    Response told = dispatches(tenant, made);
    assertThat(told.jsonPath().getList("items.eventId"))
        .containsExactlyInAnyOrder(started.id(), stopped.id());
    assertThat(told.jsonPath().getList("items.kind"))
        .containsExactlyInAnyOrder("instance.started", "instance.stopped");
    assertThat(told.jsonPath().getString("items[0].notificationId")).isNull();
    assertThat(admin().get("/admin/notification-dispatches?pageSize=1000").statusCode())
        .isEqualTo(200);
  }

  private static TestKafka.Event happened(String type, Tenant tenant) {
    return TestKafka.Event.of(
        "/inventory-service",
        Topics.FEED,
        tenant.id(),
        type,
        tenant.id(),
        1,
        "{\"instanceId\":\"ins_1\",\"n\":1}");
  }

  @Test
  void tellsEveryKindBesideEventsWhenAskedTo() {
    Tenant tenant = openTenant("hookboth");
    Response made =
        create(
            tenant,
            "{'url': '%s', 'kinds': ['*'], 'events': ['instance.started']}"
                .formatted(receiver.url()));
    invite(tenant);
    TestKafka.send(happened("instance.started", tenant));

    await(() -> receiver.messages().size() == 2);
    assertThat(dispatches(tenant, made).jsonPath().getList("items.kind"))
        .containsExactlyInAnyOrder("invitation.sent", "instance.started");
    Response wrong =
        create(
            tenant,
            "{'url': '%s', 'kinds': ['instance.*'], 'events': ['instance.exploded']}"
                .formatted(receiver.url()));
    refused(wrong, 400, "VALIDATION_FAILED");
    assertThat(wrong.jsonPath().getList("errors.pointer")).containsExactly("/kinds/0", "/events/0");
  }

  @Test
  void triesAgainAfterAnErrorWithTheSameIdAndBodyUntilItArrivesOnce() {
    Tenant tenant = openTenant("hook500");
    var answers = new AtomicInteger();
    receiver.answering(message -> answers.incrementAndGet() < 3 ? 500 : 200);
    Response made = create(tenant, "{'url': '%s'}".formatted(receiver.url()));

    invite(tenant);

    await(() -> dispatches(tenant, made).jsonPath().getString("items[0].state").equals("SENT"));
    List<Message> messages = receiver.messages();
    assertThat(messages).hasSize(3);
    assertThat(messages.stream().map(m -> m.header("webhook-id")).distinct()).hasSize(1);
    assertThat(messages.stream().map(Message::body).distinct()).hasSize(1);
    assertThat(dispatches(tenant, made).jsonPath().getInt("items[0].attempts")).isEqualTo(3);
    Response shown = tenant.as("owner").get(path(tenant) + "/" + id(made));
    assertThat(shown.jsonPath().getString("failingSince")).isNull();
  }

  @Test
  void waitsForAReceiverThatIsDownAndTellsItOnceWhenItIsUp() {
    Tenant tenant = openTenant("hookdown");
    Response made = create(tenant, "{'url': '%s'}".formatted(receiver.url()));
    receiver.down();

    invite(tenant);
    await(() -> dispatches(tenant, made).jsonPath().getString("items[0].problem") != null);
    Response failing = tenant.as("owner").get(path(tenant) + "/" + id(made));
    assertThat(failing.jsonPath().getString("failingSince")).isNotNull();
    assertThat(failing.jsonPath().getString("lastProblem")).contains("Connection refused");
    receiver.up();

    await(() -> dispatches(tenant, made).jsonPath().getString("items[0].state").equals("SENT"));
    assertThat(receiver.messages()).hasSize(1);
  }

  @Test
  void followsNoRedirectAndGivesUpInTheEnd() {
    Tenant tenant = openTenant("hook302");
    receiver.answering(message -> 302);
    Response made = create(tenant, "{'url': '%s'}".formatted(receiver.url()));

    invite(tenant);

    await(() -> dispatches(tenant, made).jsonPath().getString("items[0].state").equals("DEAD"));
    Response told = dispatches(tenant, made);
    assertThat(told.jsonPath().getInt("items[0].lastStatus")).isEqualTo(302);
    assertThat(told.jsonPath().getString("items[0].problem"))
        .isEqualTo("answered 302; redirects are not followed");
    assertThat(receiver.messages()).hasSize(4).allMatch(m -> m.path().startsWith("/hook"));

    String dispatch = told.jsonPath().getString("items[0].id");
    receiver.answering(message -> 200);
    String again = "/admin/notification-dispatches/" + dispatch + "/retry";
    // it was an invitation, but to a webhook that says nothing of its link
    Response retried = admin().post(again);
    assertThat(retried.statusCode()).describedAs(retried.asString()).isEqualTo(200);
    await(() -> dispatches(tenant, made).jsonPath().getString("items[0].state").equals("SENT"));
    refused(admin().post(again), 409, "STATE_CONFLICT");
  }

  @Test
  void givesUpWaitingForASlowReceiverAndIsTakenAgainWhenWhoTookItDied() throws Exception {
    Tenant tenant = openTenant("hookslow");
    var first = new CountDownLatch(1);
    var calls = new AtomicInteger();
    receiver.answering(
        message -> {
          if (calls.incrementAndGet() == 1) {
            waitFor(first);
          }
          return 200;
        });
    Response made = create(tenant, "{'url': '%s'}".formatted(receiver.url()));
    invite(tenant);
    await(() -> calls.get() == 1);
    // as after the lease of a replica that ended amid its call
    TestDatabase.update(
        """
        update notification_dispatch set attempts = attempts + 1, due_at = now()
        where webhook_id = '%s'"""
            .formatted(id(made).substring(4)));

    await(() -> dispatches(tenant, made).jsonPath().getString("items[0].state").equals("SENT"));

    first.countDown();
    assertThat(dispatches(tenant, made).jsonPath().getInt("items[0].attempts")).isEqualTo(3);
    assertThat(receiver.messages().stream().map(m -> m.header("webhook-id")).distinct()).hasSize(1);
  }

  @Test
  void saysThatAReceiverIsTooSlow() {
    Tenant tenant = openTenant("hooktime");
    var never = new CountDownLatch(1);
    receiver.answering(
        message -> {
          waitFor(never);
          return 200;
        });
    Response made = create(tenant, "{'url': '%s'}".formatted(receiver.url()));
    invite(tenant);
    await(() -> dispatches(tenant, made).jsonPath().getString("items[0].problem") != null);
    String problem = dispatches(tenant, made).jsonPath().getString("items[0].problem");
    never.countDown(); // from here on it is delivered, and has no problem any more
    assertThat(problem).containsAnyOf("no answer within PT1S", "timeout");
  }

  @Test
  void signsWithBothSecretsForAWhileAfterARotation() throws Exception {
    Tenant tenant = openTenant("hookrotate");
    Response made = create(tenant, "{'url': '%s'}".formatted(receiver.url()));
    String key = UUID.randomUUID().toString();
    String path = path(tenant) + "/" + id(made) + "/rotate";

    Response rotated = tenant.as("owner").header("Idempotency-Key", key).post(path);
    Response again = tenant.as("owner").header("Idempotency-Key", key).post(path);

    assertThat(rotated.statusCode()).describedAs(rotated.asString()).isEqualTo(200);
    String old = made.jsonPath().getString("secret");
    String fresh = rotated.jsonPath().getString("secret");
    assertThat(fresh).startsWith("whsec_").isNotEqualTo(old);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.jsonPath().getString("secret")).isNull();
    assertThat(again.jsonPath().getInt("version")).isEqualTo(2);
    test(tenant, made);
    await(() -> receiver.messages().size() == 1);
    Message message = receiver.messages().getFirst();
    assertThat(message.header("webhook-signature"))
        .isEqualTo(sign(fresh, message) + " " + sign(old, message));

    TestDatabase.update(
        "update webhook set previous_until = now() where webhook_id = '%s'"
            .formatted(id(made).substring(4)));
    test(tenant, made);
    await(() -> receiver.messages().size() == 2);
    Message later = receiver.messages().getLast();
    assertThat(later.header("webhook-signature")).isEqualTo(sign(fresh, later));
  }

  @Test
  void isDisabledWhenItFailedForTooLongAndItsOwnerIsTold() {
    Tenant tenant = openTenant("hookdead");
    String owner = tenant.slug() + "@example.com";
    TestDatabase.update(
        "insert into person_address values ('%s-owner', '%s', now())"
            .formatted(tenant.slug(), owner));
    receiver.answering(message -> 503);
    Response made = create(tenant, "{'url': '%s'}".formatted(receiver.url()));
    TestDatabase.update(
        "update webhook set failing_since = now() - interval '6 days' where webhook_id = '%s'"
            .formatted(id(made).substring(4)));

    test(tenant, made);

    String path = path(tenant) + "/" + id(made);
    await(() -> tenant.as("owner").get(path).jsonPath().getString("state").equals("DISABLED"));
    assertThat(dispatches(tenant, made).jsonPath().getList("items.state")).containsExactly("DEAD");
    assertThat(Mailbox.subject(Mailbox.OF_SERVICE.await(owner)))
        .isEqualTo("웹훅이 중지되었습니다: " + receiver.url());
    await(
        () ->
            tenant
                    .as("owner")
                    .get("/tenants/" + tenant.slug() + "/audit?action=webhook.disable")
                    .jsonPath()
                    .getList("items")
                    .size()
                == 1);

    Response enabled =
        json(
                tenant.as("owner").header("If-Match", "\"2\""),
                "{'url': '%s', 'enabled': true}".formatted(receiver.url()))
            .put(path);
    assertThat(enabled.jsonPath().getString("state")).isEqualTo("ACTIVE");
    assertThat(enabled.jsonPath().getString("failingSince")).isNull();
  }

  @Test
  void isDisabledAtOnceWhenTheReceiverIsGoneForGood() {
    Tenant tenant = openTenant("hookgone");
    receiver.answering(message -> 410);
    Response made = create(tenant, "{'url': '%s'}".formatted(receiver.url()));
    test(tenant, made);
    String path = path(tenant) + "/" + id(made);
    await(() -> tenant.as("owner").get(path).jsonPath().getString("state").equals("DISABLED"));
    assertThat(receiver.messages()).hasSize(1);
  }

  @Test
  void hangsOnNoReceiverThatHangs() {
    Tenant slow = openTenant("hookhang");
    Tenant other = openTenant("hookquick");
    var never = new CountDownLatch(1);
    try (var quick = new Receiver()) {
      receiver.answering(
          message -> {
            waitFor(never);
            return 200;
          });
      Response hanging = create(slow, "{'url': '%s'}".formatted(receiver.url()));
      create(other, "{'url': '%s'}".formatted(quick.url()));
      TestDatabase.update(
          "update webhook set failing_since = now() where webhook_id = '%s'"
              .formatted(id(hanging).substring(4)));
      for (int i = 0; i < 20; i++) {
        test(slow, hanging);
      }
      invite(other);
      await(() -> !quick.messages().isEmpty());
      assertThat(receiver.messages()).hasSizeLessThan(10);
      never.countDown();
    }
  }

  @Test
  void looksAtTheAddressAgainWhenItConnects() {
    Tenant tenant = openTenant("hookssrf");
    Response made = create(tenant, "{'url': '%s'}".formatted(receiver.url()));
    TestDatabase.update(
        "update webhook set url = 'http://[::1]:%d/' where webhook_id = '%s'"
            .formatted(receiver.port(), id(made).substring(4)));
    test(tenant, made);
    await(() -> dispatches(tenant, made).jsonPath().getString("items[0].problem") != null);
    assertThat(dispatches(tenant, made).jsonPath().getString("items[0].problem"))
        .contains("leads to an address that is not public");
    assertThat(receiver.messages()).isEmpty();
  }

  @Test
  void refusesBadRequestsAndStaleVersions() {
    Tenant tenant = openTenant("hookbad");
    Response all =
        refused(
            create(tenant, "{'url': 'https://10.0.0.1/', 'kinds': ['nothing']}"),
            400,
            "VALIDATION_FAILED");
    assertThat(all.jsonPath().getList("errors.pointer")).containsExactly("/url", "/kinds/0");
    assertThat(all.jsonPath().getString("errors[0].detail"))
        .isEqualTo("leads to an address that is not public");
    refused(create(tenant, "{}"), 400, "VALIDATION_FAILED");
    refused(create(tenant, "{'url': 'https://a.example/', 'x': 1}"), 400, "UNKNOWN_FIELD");
    refused(
        json(tenant.as("owner"), "{'url': 'https://a.example/'}").post(path(tenant)),
        400,
        "IDEMPOTENCY_KEY_REQUIRED");
    Response made = create(tenant, "{'url': 'https://a.example/', 'description': 'ops'}");
    String path = path(tenant) + "/" + id(made);
    String body = "{'url': 'https://b.example/'}";
    refused(json(tenant.as("owner"), body).put(path), 428, "PRECONDITION_REQUIRED");
    refused(
        json(tenant.as("owner").header("If-Match", "\"9\""), body).put(path),
        412,
        "VERSION_MISMATCH");
    refused(tenant.as("owner").delete(path), 428, "PRECONDITION_REQUIRED");
    Tenant other = openTenant("hookother");
    refused(other.as("owner").get(path(other) + "/" + id(made)), 404, "NOT_FOUND");
    refused(
        other.as("owner").header("If-Match", "\"1\"").delete(path(other) + "/" + id(made)),
        404,
        "NOT_FOUND");
    assertThat(tenant.as("owner").header("If-Match", "\"1\"").delete(path).statusCode())
        .isEqualTo(204);
    refused(tenant.as("owner").get(path), 404, "NOT_FOUND");
    assertThat(tenant.as("operator").get(path(tenant)).jsonPath().getList("items")).isEmpty();
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Response create(Tenant tenant, String body) {
    return json(withKey(tenant.as("owner")), body).post(path(tenant));
  }

  private static Response test(Tenant tenant, Response made) {
    return withKey(tenant.as("owner")).post(path(tenant) + "/" + id(made) + "/test");
  }

  private static void invite(Tenant tenant) {
    Response invited =
        json(withKey(tenant.as("owner")), "{'email': 'a@example.com', 'roles': ['VIEWER']}")
            .post("/tenants/" + tenant.slug() + "/invitations");
    assertThat(invited.statusCode()).describedAs(invited.asString()).isEqualTo(201);
  }

  private static Response dispatches(Tenant tenant, Response made) {
    return tenant.as("operator").get(path(tenant) + "/" + id(made) + "/dispatches");
  }

  private static String id(Response made) {
    return made.jsonPath().getString("id");
  }

  private static String path(Tenant tenant) {
    return "/tenants/" + tenant.slug() + "/webhooks";
  }

  private static String sign(String secret, Message message) throws Exception {
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    String signed =
        message.header("webhook-id")
            + "."
            + message.header("webhook-timestamp")
            + "."
            + message.body();
    return "v1,"
        + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }
}
