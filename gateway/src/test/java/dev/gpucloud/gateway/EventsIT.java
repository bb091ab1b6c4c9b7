package dev.gpucloud.gateway;

import static java.net.http.HttpResponse.BodyHandlers.ofInputStream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.key.ApiKey;
import dev.gpucloud.gateway.fixture.EventReader;
import dev.gpucloud.gateway.fixture.FakeBrowser;
import dev.gpucloud.gateway.fixture.FakeWorld;
import dev.gpucloud.gateway.fixture.Issuer;
import dev.gpucloud.testsupport.KafkaStack;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.jwt.build.Jwt;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The event stream on the real Kafka. */
@QuarkusTest
@QuarkusTestResource(FakeWorld.class)
@QuarkusTestResource(KafkaStack.class)
@TestProfile(EventsIT.Quick.class)
class EventsIT {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Heartbeats that a test can wait for, and buffers that it can fill. */
  public static final class Quick implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      String events = "gpucloud.gateway.events.";
      return Map.of(
          events + "heartbeat", "PT0.3S",
          events + "streams-per-caller", "2",
          events + "most-waiting-bytes", "65536");
    }
  }

  @TestHTTPResource URI gateway;
  PrivateKey key;
  @Issuer String issuer;

  private final String tenant = "ten_" + UUID.randomUUID();
  private final String project = "prj_" + UUID.randomUUID();
  private final String user = "u-" + UUID.randomUUID();

  @Test
  void sendsWhatHappensAtTheCallersTenantAlone() throws Exception {
    member(user, tenant, List.of("OPERATOR"));
    try (EventReader stream = listen("")) {
      assertThat(stream.answer().statusCode()).isEqualTo(200);
      assertThat(stream.answer().headers().firstValue("Content-Type"))
          .contains("text/event-stream");
      assertThat(stream.comment().id()).isEmpty(); // the advice to come back
      assertThat(stream.comment().id()).isNotEmpty();

      happens("instance.created", "ten_" + UUID.randomUUID(), project, 1);
      happens("invoice.issued", tenant, null, 2);
      happens("instance.started", tenant, project, 3);

      EventReader.Block event = stream.event();
      assertThat(event.type()).isEqualTo("instance.started");
      assertThat(event.fact().getInteger("n")).isEqualTo(3);
      JsonObject envelope = new JsonObject(event.data());
      assertThat(envelope.getString("tenantid")).isEqualTo(tenant);
      assertThat(envelope.getString("specversion")).isEqualTo("1.0");
      assertThat(envelope.getString("id")).isNotEmpty();
    }
  }

  @Test
  void aBrowserListensWithItsSessionAsLongAsThatLasts() throws Exception {
    FakeBrowser browser = new FakeBrowser(gateway);
    browser.logIn(user);
    member("subject-of-" + user, tenant, List.of("OPERATOR"));
    try (EventReader stream =
        new EventReader(CLIENT.send(browser.request("/api/v1/events").build(), ofInputStream()))) {
      assertThat(stream.answer().statusCode()).isEqualTo(200);
      awaitPosition(stream);
      happens("instance.started", tenant, project, 1);
      assertThat(stream.event().fact().getInteger("n")).isEqualTo(1);

      browser.post("/auth/logout", "X-CSRF-Token", browser.csrfToken());

      stream.awaitEnd();
    }
  }

  @Test
  void filtersByTypeAndProject() throws Exception {
    member(user, tenant, List.of("OWNER"));
    try (EventReader stream = listen("?types=instance.*&project=" + project)) {
      awaitPosition(stream);
      happens("instance.started", tenant, "prj_" + UUID.randomUUID(), 1);
      happens("quota.set", tenant, project, 2);
      happens("instance.stopped", tenant, project, 3);

      assertThat(stream.event().fact().getInteger("n")).isEqualTo(3);
    }
  }

  @Test
  void resumesWithoutAGapAndWithoutASecondCopy() throws Exception {
    member(user, tenant, List.of("VIEWER"));
    String last;
    try (EventReader stream = listen("")) {
      awaitPosition(stream);
      happens("instance.started", tenant, project, 0);
      last = stream.event().id();
    }
    for (int n = 1; n <= 200; n++) {
      happens("instance.updated", tenant, project, n);
      happens("instance.updated", "ten_" + UUID.randomUUID(), project, -1);
    }
    try (EventReader stream = listen("", last)) {
      List<Integer> heard = new ArrayList<>();
      for (int n = 201; n <= 250; n++) {
        happens("instance.updated", tenant, project, n);
        heard.add(stream.event().fact().getInteger("n"));
      }
      while (heard.size() < 250) {
        heard.add(stream.event().fact().getInteger("n"));
      }
      assertThat(heard).containsExactlyElementsOf(IntStream.rangeClosed(1, 250).boxed().toList());
    }
  }

  @Test
  void heartbeatsCarryThePosition() throws Exception {
    member(user, tenant, List.of("VIEWER"));
    try (EventReader stream = listen("")) {
      awaitPosition(stream);
      String before = stream.lastId();
      happens("instance.updated", "ten_" + UUID.randomUUID(), project, 1);
      while (stream.comment().id().equals(before)) {
        // the event of another moves it on
      }
      assertThat(stream.lastId()).isNotEqualTo(before);
    }
  }

  @Test
  void changedRolesEndAStreamAndItsSuccessorHearsWhatTheyAreNow() throws Exception {
    String other = "ten_" + UUID.randomUUID();
    member(user, tenant, List.of("OPERATOR"));
    String last;
    try (EventReader stream = listen("?types=instance.*")) {
      awaitPosition(stream);
      last = stream.lastId();
      member(user, other, List.of("VIEWER"));
      membership(tenant, new JsonArray());
      EventReader.Block said = stream.comment();
      while (!said.comment().contains("roles have changed")) {
        said = stream.comment();
      }
    }
    happens("instance.started", tenant, project, 1);
    happens("instance.started", other, project, 2);

    try (EventReader successor = listen("?types=instance.*", last)) {
      EventReader.Block heard = successor.event();
      assertThat(heard.fact().getInteger("n")).isEqualTo(2);
    }
  }

  @Test
  void platformAdminsHearEverything() throws Exception {
    FakeWorld.ME.put(
        user, new JsonObject().put("platformRoles", new JsonArray().add("platform-admin")));
    try (EventReader stream = listen("?types=grant.offered&project=" + project)) {
      awaitPosition(stream);
      happens("grant.offered", tenant, project, 1);

      assertThat(stream.event().fact().getInteger("n")).isEqualTo(1);
    }
  }

  @Test
  void aListenerWhoTakesNothingIsLetGo() throws Exception {
    member(user, tenant, List.of("VIEWER"));
    try (Socket slow = new Socket()) {
      slow.setReceiveBufferSize(4096);
      slow.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()));
      slow.getOutputStream()
          .write(
              ("GET /api/v1/events HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
                      + token()
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(slow.getInputStream().read()).isPositive();
      String large = "x".repeat(100_000);
      for (int n = 0; n < 300; n++) {
        TestKafka.send(event("instance.updated", tenant, project, n, large));
      }
      assertThat(nobodyListens()).isTrue();
    }
    try (EventReader stream = listen("")) {
      assertThat(stream.answer().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aCallerHasSoManyStreamsAtOnce() throws Exception {
    member(user, tenant, List.of("VIEWER"));
    try (EventReader first = listen("");
        EventReader second = listen("")) {
      awaitPosition(first);
      awaitPosition(second);
      problem(listen(""), 429, "TOO_MANY_REQUESTS");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "?types=Instance, , INVALID_PARAMETER",
    "?project=acme, , INVALID_PARAMETER",
    "?colour=red, , INVALID_PARAMETER",
    "?project=a&project=b, , INVALID_PARAMETER",
    "'', gibberish, INVALID_PARAMETER",
    "'', 0:999999999, INVALID_PARAMETER",
    "'', 99:0, INVALID_PARAMETER"
  })
  void saysWhatIsWrongWithARequest(String query, String lastId, String code) throws Exception {
    member(user, tenant, List.of("VIEWER"));
    problem(listen(query, lastId), 400, code);
  }

  @Test
  void namesTheTypesThatThereAreToWhoAsksForAnother() throws Exception {
    member(user, tenant, List.of("VIEWER"));

    JsonObject problem = problem(listen("?types=instance.*,nonsense"), 400, "INVALID_PARAMETER");

    assertThat(problem.getString("detail"))
        .isEqualTo("The parameter types cannot be used: 'nonsense' is no event type.");
    JsonObject params = problem.getJsonObject("params");
    assertThat(params.getString("parameter")).isEqualTo("types");
    assertThat(params.getJsonArray("known")).contains("instance.started", "invoice.issued");
  }

  @Test
  void anIdThatIsOlderThanTheFeedIsGone() throws Exception {
    member(user, tenant, List.of("VIEWER"));
    happens("instance.updated", tenant, project, 1);
    String start;
    try (EventReader stream = listen("")) {
      awaitPosition(stream);
      start = stream.lastId();
    }
    TestKafka.forget(Topics.FEED);

    JsonObject gone = problem(listen("", start.replaceAll(":\\d+", ":0")), 410, "EVENTS_GONE");
    assertThat(gone.getString("detail")).contains("no longer kept");
    try (EventReader stream = listen("", start)) {
      assertThat(stream.answer().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void opensForAKeyThatAllowsItAlone() throws Exception {
    member("kim", "ten_00000000-0000-0000-0000-000000000007", List.of("VIEWER"));

    JsonObject refused = problem(listenWith(key(FakeWorld.USAGE_ONLY)), 403, "FORBIDDEN");

    assertThat(refused.getString("detail"))
        .isEqualTo("The API key does not allow the action events.read.");
    JsonObject params = refused.getJsonObject("params");
    assertThat(params.getString("action")).isEqualTo("events.read");
    assertThat(params.getJsonArray("allowedActions"))
        .containsExactly("projects.*", "tenants.usage.read");
    try (EventReader stream = listenWith(key(FakeWorld.EVENTS_ONLY))) {
      assertThat(stream.answer().statusCode()).isEqualTo(200);
    }
  }

  private static String key(UUID id) {
    return ApiKey.of(new ApiKeyId(id), FakeWorld.SECRET).text();
  }

  private EventReader listenWith(String credential) throws Exception {
    return EventReader.open(CLIENT, gateway.resolve("/api/v1/events"), credential, null);
  }

  @Test
  void refusesWhoHasNoGoodToken() throws Exception {
    try (EventReader stream =
        EventReader.open(CLIENT, gateway.resolve("/api/v1/events"), "wrong", null)) {
      assertThat(stream.answer().statusCode()).isEqualTo(401);
    }
  }

  private static void awaitPosition(EventReader stream) throws InterruptedException {
    while (stream.comment().id().isEmpty()) {
      // the advice to come back comes first
    }
  }

  /** Streams that a test has left end a moment later. */
  private boolean nobodyListens() throws Exception {
    for (int i = 0; i < 200; i++) {
      String meters =
          CLIENT
              .send(
                  HttpRequest.newBuilder(gateway.resolve("/q/metrics")).build(),
                  BodyHandlers.ofString())
              .body();
      if (meters.contains("gpucloud_gateway_streams 0.0")) {
        return true;
      }
      Thread.sleep(100);
    }
    return false;
  }

  private void member(String subject, String at, List<String> roles) {
    FakeWorld.ME.put(
        subject,
        new JsonObject()
            .put(
                "memberships",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("tenant", new JsonObject().put("id", at))
                            .put("roles", new JsonArray(roles)))));
  }

  private void membership(String at, JsonArray roles) {
    JsonObject fact = new JsonObject().put("tenantId", at).put("subject", user).put("roles", roles);
    TestKafka.send(
        TestKafka.Event.of(
            "/tenant-service", Topics.FEED, at, "membership.set", at, 1, fact.encode()));
  }

  private static void happens(String type, String at, String project, int n) {
    TestKafka.send(event(type, at, project, n, ""));
  }

  private static TestKafka.Event event(
      String type, String at, String project, int n, String filler) {
    JsonObject fact = new JsonObject().put("n", n).put("projectId", project).put("filler", filler);
    return TestKafka.Event.of("/test", Topics.FEED, at, type, at, n + 1, fact.encode());
  }

  private EventReader listen(String query) throws Exception {
    return listen(query, null);
  }

  private EventReader listen(String query, String lastId) throws Exception {
    return EventReader.open(CLIENT, gateway.resolve("/api/v1/events" + query), token(), lastId);
  }

  private static JsonObject problem(EventReader refused, int status, String code)
      throws IOException {
    try (refused) {
      assertThat(refused.answer().statusCode()).isEqualTo(status);
      assertThat(refused.answer().headers().firstValue("Content-Type"))
          .contains("application/problem+json");
      JsonObject problem = refused.problem();
      assertThat(problem.getString("code")).isEqualTo(code);
      return problem;
    }
  }

  private String token() {
    return Jwt.issuer(issuer)
        .subject(user)
        .audience("gpucloud-api")
        .issuedAt(Instant.now())
        .expiresAt(Instant.now().plusSeconds(3600))
        .jws()
        .keyId(FakeWorld.KEY_ID)
        .sign(key);
  }
}
