package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.cli.FakeServer.Request;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people ask the platform for, and how it answers, on the command line. */
class TenantRequestsTest {
  private static final Instant NOW = Instant.parse("2026-11-02T00:00:00Z");
  private static final String APPLICATION =
      """
      {"id":"tap_1","slug":"hanbit","name":"한빛","applicantName":"kim","state":"%s",
       "createdAt":"2026-11-01T00:00:00Z"}\
      """;
  private static final String QUOTA =
      "{\"model\":\"b200\",\"site\":\"kr-ulsan-1\",\"limitGpus\":%s,\"version\":%d}";

  @TempDir Path folder;
  private FakeServer server;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> env = new HashMap<>();

  @BeforeEach
  void startServer() {
    server = new FakeServer();
    env.put("GPUCLOUD_CONFIG", folder.resolve("config").toString());
    env.put("GPUCLOUD_SERVER", server.url());
    env.put("GPUCLOUD_TENANT", "sk-hynix");
    env.put("GPUCLOUD_API_KEY", "gck_test");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void asksForATenantAndTakesItBack() {
    String own = "/api/v1/tenant-applications";
    server
        .answer("POST " + own, 201, APPLICATION.formatted("APPLIED"))
        .answer("GET " + own, 200, "{\"items\":[" + APPLICATION.formatted("APPLIED") + "]}")
        .answer("GET " + own + "/tap_1", 200, APPLICATION.formatted("APPLIED"), "ETag", "\"3\"")
        .answer("POST " + own + "/tap_1/withdraw", 200, APPLICATION.formatted("WITHDRAWN"));

    run(
        "applications apply --slug hanbit --name 한빛 --segment STARTUP"
            + " --business-number 000-00-00048 --billing-email ap@example.com");
    Request applied = server.last();
    run("applications list");
    run("applications withdraw tap_1");

    assertThat(applied.json().path("contacts").path("billing").path("email").asText())
        .isEqualTo("ap@example.com");
    assertThat(applied.json().path("kind").asText()).isEqualTo("EXTERNAL");
    assertThat(applied.json().has("parent")).isFalse();
    assertThat(server.last().headers()).containsEntry("if-match", "\"3\"");
    assertThat(out.toString())
        .isEqualTo(
            """
            tap_1
            ID     SLUG    NAME  BY   STATE    AT                   NOTE
            tap_1  hanbit  한빛  kim  APPLIED  2026-11-01 09:00:00  -
            The application is WITHDRAWN.
            """);
  }

  @Test
  void showsThePlatformWhoHoldsANumberAndSaysThatBothAreOneCompany() {
    String all = "/api/v1/admin/tenant-applications";
    String held =
        APPLICATION.formatted("APPLIED").replaceFirst("}$", ",\"businessNumberHolders\":[\"hb\"]}");
    server
        .answer("GET " + all, 200, "{\"items\":[" + held + "]}")
        .answer("GET " + all + "/tap_1", 200, held, "ETag", "\"1\"")
        .answer("POST " + all + "/tap_1/approve", 200, APPLICATION.formatted("APPROVED"));

    run("applications list --all");
    run("applications approve tap_1 --note Ok --shares-account-with hb");

    assertThat(out.toString()).contains("NUMBER HELD BY").contains("hb\n");
    assertThat(server.last().json().path("sharesAccountWith").asText()).isEqualTo("hb");
  }

  @Test
  void decidesWhatOthersAskFor() {
    String all = "/api/v1/admin/tenant-applications/tap_1";
    server
        .answer("GET " + all, 200, APPLICATION.formatted("APPLIED"), "ETag", "\"1\"")
        .answer("POST " + all + "/approve", 200, APPLICATION.formatted("APPROVED"))
        .answer("POST " + all + "/reject", 200, APPLICATION.formatted("REJECTED"));

    run("applications", "approve", "tap_1", "--note", "Contract is signed.");
    run("applications", "reject", "tap_1", "--note", "No.");
    run("applications show tap_1 --all -o json");

    assertThat(server.apiRequests().get(1).json().path("note").asText())
        .isEqualTo("Contract is signed.");
    assertThat(out.toString())
        .startsWith("The application is APPROVED.\nThe application is REJECTED.\n{")
        .contains("\"slug\" : \"hanbit\"");
  }

  @Test
  void saysWhichRoleADecisionNeedsToWhoMayNotEvenRead() {
    String readers =
        "{\"code\":\"FORBIDDEN\",\"detail\":\"This needs auditor or platform-admin.\"}";
    String deciders = "{\"code\":\"FORBIDDEN\",\"detail\":\"This needs platform-admin.\"}";
    String application = "/api/v1/admin/tenant-applications/tap_1";
    String requests = "/api/v1/admin/quota-requests";
    server
        .answer("GET " + application, 403, readers)
        .answer("POST " + application + "/approve", 403, deciders)
        .answer("GET " + requests, 403, readers)
        .answer("POST " + requests + "/qrq_1/decide", 403, deciders);

    assertThat(execute("applications", "approve", "tap_1", "--note", "Ok"))
        .isEqualTo(ExitCode.FORBIDDEN.code());
    assertThat(server.last().headers()).containsEntry("if-match", "\"0\"");
    assertThat(execute("quotas", "approve", "qrq_1")).isEqualTo(ExitCode.FORBIDDEN.code());

    assertThat(err.toString())
        .containsSubsequence("This needs platform-admin.", "This needs platform-admin.")
        .doesNotContain("auditor");
  }

  @Test
  void keepsTheRefusalToReadWhereTheRoleWouldDo() {
    String application = "/api/v1/admin/tenant-applications/tap_1";
    server
        .answer("GET " + application, 403, "{\"code\":\"FORBIDDEN\",\"detail\":\"Not this.\"}")
        .answer("POST " + application + "/approve", 412, "{\"code\":\"VERSION_MISMATCH\"}");

    assertThat(execute("applications", "approve", "tap_1", "--note", "Ok"))
        .isEqualTo(ExitCode.FORBIDDEN.code());

    assertThat(err.toString()).contains("Not this.");
  }

  @Test
  void setsAndAsksForLimits() {
    String quota = "/api/v1/tenants/sk-hynix/quotas/b200";
    String request = "{\"id\":\"qrq_1\",\"wantedGpus\":96,\"version\":1,\"state\":\"%s\"}";
    server
        .answer("GET " + quota, 200, QUOTA.formatted("64", 4))
        .answer("PUT " + quota, 200, QUOTA.formatted("null", 5))
        .answer("POST /api/v1/tenants/sk-hynix/quota-requests", 201, request.formatted("OPEN"))
        .answer(
            "GET /api/v1/admin/quota-requests",
            200,
            "{\"items\":[" + request.formatted("OPEN") + "]}")
        .answer(
            "POST /api/v1/admin/quota-requests/qrq_1/decide", 200, request.formatted("GRANTED"));

    run("quotas get b200 --site kr-ulsan-1");
    run("quotas set b200 none --site kr-ulsan-1");
    Request set = server.last();
    run("quotas request b200 96 --reason spring");
    Request asked = server.last();
    run("quotas approve qrq_1");

    assertThat(set.uri()).endsWith("/quotas/b200?site=kr-ulsan-1");
    assertThat(set.body()).isEqualTo("{\"limitGpus\":null}");
    assertThat(set.headers()).containsEntry("if-match", "\"4\"");
    assertThat(asked.body())
        .isEqualTo("{\"model\":\"b200\",\"wantedGpus\":96,\"reason\":\"spring\"}");
    assertThat(server.last().json().path("grantedGpus").asInt()).isEqualTo(96);
    assertThat(out.toString())
        .isEqualTo(
            """
            GPU MODEL  SITE        LIMIT  GUARANTEED  VERSION
            b200       kr-ulsan-1     64           -        4
            GPU MODEL  SITE        LIMIT  GUARANTEED  VERSION
            b200       kr-ulsan-1   none           -        5
            qrq_1
            The request is GRANTED.
            """);
    assertThat(execute("quotas", "set", "b200", "many")).isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void saysWhatHasBecomeOfAnAward() {
    String one = "{\"id\":\"gap_1\",\"state\":\"AWARDED\",\"awardState\":\"LAPSED\"}";
    server.answer("GET /api/v1/me/grant-applications", 200, "{\"items\":[" + one + "]}");

    run("grants applications --mine");

    assertThat(out.toString()).contains("LAPSED").doesNotContain("AWARDED");
  }

  @Test
  void takesPartInAGrantCall() {
    String own = "/api/v1/tenants/sk-hynix/grant-applications";
    String one = "{\"id\":\"gap_1\",\"state\":\"%s\",\"version\":2}";
    server
        .answer(
            "GET /api/v1/grant-calls",
            200,
            """
            {"items":[{"slug":"round-1","name":"First","state":"OPEN",
             "applyUntil":"2026-11-01T00:00:00Z","windowStart":"2026-12-01T00:00:00Z",
             "windowEnd":"2027-03-01T00:00:00Z","customerSharePct":10,"pools":{"b200":64}}]}\
            """)
        .answer(
            "POST /api/v1/tenants/sk-hynix/grant-calls/round-1/applications",
            201,
            one.formatted("SUBMITTED"))
        .answer("GET " + own, 200, "{\"items\":[" + one.formatted("SUBMITTED") + "]}")
        .answer("POST " + own + "/gap_1/withdraw", 200, one.formatted("WITHDRAWN"))
        .answer("POST /api/v1/grant-calls/round-1/applications/gap_2/reviews", 201, "");

    run("grants calls");
    run(
        "grants apply round-1 --applicant Uni --category ACADEMIA --model b200 --gpus 16"
            + " --purpose models");
    Request applied = server.last();
    run("grants withdraw gap_1");
    Request withdrawn = server.last();
    run("grants review round-1 gap_2 70 --comment sound");

    assertThat(applied.json().path("gpus").asInt()).isEqualTo(16);
    assertThat(withdrawn.headers()).containsEntry("if-match", "\"2\"");
    assertThat(server.last().body()).isEqualTo("{\"points\":70,\"comment\":\"sound\"}");
    assertThat(out.toString())
        .isEqualTo(
            """
            CALL     NAME   STATE  APPLY UNTIL (KST)    WINDOW                    SHARE %  POOLS
            round-1  First  OPEN   2026-11-01 09:00:00  2026-12-01 to 2027-03-01       10  64 b200
            gap_1
            It is WITHDRAWN.
            """);
  }

  @Test
  void runsAGrantCall() {
    String call = "{\"slug\":\"round-1\",\"state\":\"%s\"}";
    String admin = "/api/v1/admin/grant-calls/round-1";
    server
        .answer("GET /api/v1/grant-calls/round-1", 200, call.formatted("OPEN"), "ETag", "\"1\"")
        .answer("PATCH " + admin, 200, call.formatted("OPEN"))
        .answer("POST " + admin + "/propose", 200, "{\"applications\":3,\"awards\":2}")
        .answer("POST " + admin + "/confirm", 200, call.formatted("CONFIRMED"))
        .answer(
            "GET " + admin + "/awards",
            200,
            "{\"items\":[{\"id\":\"gaw_1\",\"model\":\"b200\",\"gpus\":16,\"state\":\"LAPSED\",\"endReason\":\"TENANT_CLOSED\"}]}");

    run("grants edit round-1 --apply-until 2026-11-02T00:00:00Z");
    Request edited = server.last();
    run("grants propose round-1");
    run("grants confirm round-1");
    run("grants awards --call round-1");

    assertThat(edited.body()).isEqualTo("{\"applyUntil\":\"2026-11-02T00:00:00Z\"}");
    assertThat(edited.headers()).containsEntry("if-match", "\"1\"");
    assertThat(out.toString())
        .isEqualTo(
            """
            Changed round-1.
            2 awards for 3 applications are proposed.
            It is CONFIRMED.
            ID     GPU MODEL  GPUS  STATE   ACCEPT BY (KST)  USED %  REASON
            gaw_1  b200         16  LAPSED  -                     -  TENANT_CLOSED
            """);
  }

  @Test
  void opensAndClosesACallAndNamesWhoReviews() throws IOException {
    Files.writeString(
        folder.resolve("round-2.yaml"),
        "name: Second\nwindowStart: 2027-01-01T00:00:00Z\nweights: {regional: 5}\n");
    String call =
        "{\"slug\":\"round-2\",\"name\":\"둘째\",\"state\":\"OPEN\",\"customerSharePct\":10,"
            + "\"applyUntil\":\"2026-11-20T00:00:00Z\"}";
    String admin = "/api/v1/admin/grant-calls";
    server
        .answer("POST " + admin, 201, call)
        .answer("GET /api/v1/grant-calls/round-2", 200, call, "ETag", "\"3\"")
        .answer("PATCH " + admin + "/round-2", 200, call)
        .answer("PUT " + admin + "/round-2/reviewers/s-9", 204, "")
        .answer(
            "GET " + admin + "/round-2/awards",
            200,
            "{\"items\":[{\"id\":\"gaw_1\",\"version\":5}]}")
        .answer("PUT /api/v1/admin/grant-awards/gaw_1", 200, "{\"id\":\"gaw_1\",\"gpus\":8}")
        .answer("POST /api/v1/admin/grant-applications/gap_1/link", 200, "{}");

    run("grants create round-2 -f round-2.yaml --share 10 --pool b200=64 --idempotency-key k");
    Request opened = server.last();
    run("grants show round-2");
    run("grants reviewer round-2 s-9 --name Prof");
    run("grants close round-2");
    Request closed = server.last();
    run("grants adjust round-2 gaw_1 8 --reason hosts");
    Request adjusted = server.last();
    run("grants link gap_1 sk-hynix");

    assertThat(opened.body())
        .isEqualTo(
            "{\"name\":\"Second\",\"windowStart\":\"2027-01-01T00:00:00Z\","
                + "\"weights\":{\"regional\":5},\"slug\":\"round-2\",\"customerSharePct\":10,"
                + "\"pools\":{\"b200\":64}}");
    assertThat(opened.headers()).containsEntry("idempotency-key", "k");
    assertThat(closed.body()).isEqualTo("{\"applyUntil\":\"2026-11-02T00:01:00Z\"}");
    assertThat(closed.headers()).containsEntry("if-match", "\"3\"");
    assertThat(adjusted.body()).isEqualTo("{\"gpus\":8,\"reason\":\"hosts\"}");
    assertThat(adjusted.headers()).containsEntry("if-match", "\"5\"");
    assertThat(server.last().body()).isEqualTo("{\"tenant\":\"sk-hynix\"}");
    assertThat(err.toString()).isEqualTo("Prof may review.\ngap_1 belongs to sk-hynix.\n");
  }

  @Test
  void neverPutsTheEndOfACallOffByClosingIt() {
    server.answer(
        "GET /api/v1/grant-calls/round-2", 200, "{\"applyUntil\":\"2026-11-02T00:00:30Z\"}");

    assertThat(execute("grants", "close", "round-2")).isEqualTo(ExitCode.REFUSED.code());

    assertThat(err.toString()).contains("No applications after 2026-11-02 09:00:30 (Seoul).");
    assertThat(server.apiRequests()).hasSize(1);
  }

  @Test
  void namesWhoDidWhatFromWhere() {
    server.answer(
        "GET /api/v1/admin/audit",
        200,
        """
        {"items":[
          {"sequence":2,"at":"2026-11-02T00:00:00Z","action":"tenant.suspend","result":"DONE",
           "actor":{"kind":"USER","subject":"6d1f8a52","username":"kim"},
           "target":{"type":"tenant","id":"ten_1"},"sourceAddress":"192.0.2.7","count":1},
          {"sequence":1,"at":"2026-11-02T00:00:00Z","action":"tenant.grant.started",
           "result":"DONE","actor":{"kind":"SERVICE","subject":"tenant-service"},
           "target":{"type":"grant-award","id":"gaw_1"},"count":1}]}""");

    run("audit", "list");

    assertThat(out.toString())
        .contains("ADDRESS", "kim", "192.0.2.7", "tenant-service")
        .doesNotContain("6d1f8a52");
  }

  @Test
  void anAuditorReadsOfOneTenantWhatItsOwnerReadsElsewhere() {
    String none = "{\"items\":[]}";
    server.answer("GET /api/v1/admin/audit", 200, none);
    server.answer("GET /api/v1/tenants/hanbit/audit", 200, none);

    server.answer("GET /api/v1/me", 200, "{\"platformRoles\":[\"auditor\"]}");
    server.answer("GET /api/v1/me", 200, "{\"platformRoles\":[]}");
    run("audit", "list", "--tenant", "hanbit", "--from", "2026-11-02", "--to", "2026-11-30");
    run("audit", "list", "--tenant", "hanbit", "--action", "tenant.member.remove");

    assertThat(server.apiRequests())
        .extracting(Object::toString)
        .filteredOn(request -> request.contains("audit"))
        .satisfiesExactly(
            ofAuditor ->
                assertThat(ofAuditor)
                    .contains(
                        "/admin/audit?pageSize=50&from=2026-11-02&to=2026-11-30&tenant=hanbit"),
            ofOwner ->
                assertThat(ofOwner)
                    .contains("/tenants/hanbit/audit?pageSize=50&action=tenant.member.remove"));
  }

  @Test
  void writesAKeyThatVerifyReads() throws IOException {
    String key = "{\"keyId\":\"%s\",\"algorithm\":\"Ed25519\",\"publicKey\":\"MCowBQ%s\"}";
    server.answer(
        "GET /api/v1/admin/audit/public-keys",
        200,
        "{\"items\":[" + key.formatted("k1", "1=") + "," + key.formatted("k2", "2=") + "]}");
    Path file = folder.resolve("audit.key");

    assertThat(execute("audit", "public-keys", "--file", file.toString()))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(err.toString()).contains("Which key?").contains("k1, k2");
    run("audit", "public-keys", "--file", file.toString(), "--key", "k2");

    assertThat(file).hasContent("MCowBQ2=");
    assertThat(execute("audit", "public-keys", "--file", file.toString(), "--key", "k2"))
        .isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void saysHowFarAnExportGoesAndHoldsItToThat() throws Exception {
    String hash = "0".repeat(64);
    String head = "{\"format\":\"gpucloud-audit-export-1\",\"after\":0,\"afterHash\":\"%s\"}\n";
    String entry =
        "{\"sequence\":1,\"category\":\"CHANGE\",\"hash\":\"%s\",\"entryHash\":\"%s\"}\n";
    server.answer(
        "GET /api/v1/admin/audit/export", 200, head.formatted(hash) + entry.formatted(hash, hash));
    Path export = folder.resolve("export.jsonl");
    Path checkpoints = Files.writeString(folder.resolve("checkpoints.jsonl"), "");
    byte[] key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    Path keyFile =
        Files.writeString(folder.resolve("key"), Base64.getEncoder().encodeToString(key));

    run("audit", "export", export.toString());
    int code =
        execute(
            "verify",
            "audit",
            export.toString(),
            checkpoints.toString(),
            keyFile.toString(),
            "--through",
            "2");

    assertThat(err.toString()).contains("Wrote " + export + ": entries 1 to 1.");
    assertThat(code).isEqualTo(ExitCode.CHECK_FAILED.code());
    assertThat(out.toString())
        .contains("entry 2: the tail was cut, the export ends at 1 and was to go through 2");
  }

  @Test
  void saysWhatAnApiKeyIsLimitedTo() {
    server.answer(
        "GET /api/v1/me",
        200,
        """
        {"subject": "u-1", "username": "kim", "platformRoles": [],
         "apiKey": {"id": "key_1", "name": "ci", "roles": ["VIEWER"], "projects": ["prj_1"]},
         "memberships": [
           {"tenant": {"slug": "hanbit"}, "roles": [], "projectRoles": {"prj_1": ["VIEWER"]}},
           {"tenant": {"slug": "sk-hynix"}, "roles": ["OWNER"], "projectRoles": {}}]}
        """);

    run("whoami");

    assertThat(out.toString())
        .contains("API key  ci (key_1), at most VIEWER in prj_1\n")
        .endsWith(
            """

            TENANT    PROJECT  ROLES
            hanbit    prj_1    VIEWER
            sk-hynix  -        OWNER
            """);
  }

  @Test
  void saysThatAKeyOfTheEnvironmentCannotBeOne() {
    for (String key : new String[] {"gck_비밀", "gck_a b", "gck_a\nb"}) {
      env.put("GPUCLOUD_API_KEY", key);

      assertThat(execute("tenants", "list")).isEqualTo(ExitCode.USAGE.code());

      assertThat(err.toString())
          .contains("GPUCLOUD_API_KEY has characters that no key has")
          .contains("gpucloud api-keys create")
          .doesNotContain(key)
          .doesNotContain("Exception");
    }
    env.put("GPUCLOUD_API_KEY", "gck_test\n");
    server.answer("GET /api/v1/tenants", 200, "{\"items\":[]}");
    run("tenants list");
    assertThat(server.last().headers()).containsEntry("authorization", "Bearer gck_test");
  }

  private void run(String line) {
    run(line.split(" "));
  }

  private void run(String... args) {
    assertThat(execute(args)).as(err.toString()).isZero();
  }

  private int execute(String... args) {
    return GpucloudCli.execute(GpucloudCli.commandLine(context()), args);
  }

  private CliContext context() {
    Terminal terminal =
        new Terminal(
            new PrintWriter(out), new PrintWriter(err), new StringReader(""), false, false);
    return new CliContext(terminal, env, folder, InstantSource.fixed(NOW));
  }
}
