package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do daily at their tenant, on the command line. */
class TenantCommandsTest {
  private static final Instant NOW = Instant.parse("2026-11-02T00:00:00Z");
  private static final String KEY =
      """
      {"id":"ssh_1","name":"laptop","type":"ssh-ed25519","bits":256,"fingerprint":"SHA256:abc",
       "comment":"kim","publicKey":"ssh-ed25519 AAAA kim"}""";

  @TempDir Path folder;
  private FakeServer server;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> env = new HashMap<>();

  @BeforeEach
  void startServerAndLogIn() {
    server = new FakeServer();
    env.put("GPUCLOUD_CONFIG", folder.resolve("config").toString());
    env.put("GPUCLOUD_SERVER", server.url());
    env.put("GPUCLOUD_TENANT", "sk-hynix");
    TokenStore.of(context())
        .save(
            "default",
            new TokenStore.Login(
                server.url(),
                server.issuer(),
                "alice",
                FakeServer.token("alice"),
                NOW.plusSeconds(900),
                "r-1"));
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void takesAnInvoiceAwayToANewFile() throws IOException {
    server.answer("GET /api/v1/tenants/sk-hynix/invoices/2026-11-000001/pdf", 200, "%PDF");
    Path file = folder.resolve("november.pdf");

    String[] command = {
      "invoices", "download", "2026-11-000001", "--lang", "en", "--file", file.toString()
    };
    assertThat(run(command)).as(err.toString()).isZero();

    assertThat(file).hasContent("%PDF");
    assertThat(server.last().uri()).endsWith("/2026-11-000001/pdf?lang=en");
    assertThat(run(command)).isEqualTo(ExitCode.USAGE.code());
    assertThat(err.toString()).contains("There is a file " + file + " already.");
  }

  @Test
  void namesTheFormatsThatThereAre() {
    assertThat(run("invoices", "download", "2026-11-000001", "--format", "docx"))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(err.toString()).contains("There is no format docx; use pdf, csv, json, focus-csv");
  }

  @Test
  void showsATenantWithWhatStandsAgainstItsEnd() {
    server.answer(
        "GET /api/v1/tenants/sk-hynix",
        200,
        """
        {"id":"ten_1","slug":"sk-hynix","name":"SK hynix","kind":"SUBSIDIARY","state":"CLOSING",
         "stateReason":"Sold.","billingMode":"GROUP_SERVICE",
         "contacts":{"billing":{"email":"ap@example.com"},"technical":null},
         "closingBlockers":[{"code":"INSTANCES","service":"inventory-service",
          "detail":"2 instances are not deleted."}]}""");

    assertThat(run("tenants", "show")).as(err.toString()).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            FIELD            VALUE
            slug             sk-hynix
            name             SK hynix
            id               ten_1
            kind             SUBSIDIARY
            state            CLOSING
            reason           Sold.
            billing          GROUP_SERVICE
            billing contact  ap@example.com
            still open: 2 instances are not deleted.
            """);
  }

  @Test
  void listsTenantsAndTheirHistory() {
    server
        .answer(
            "GET /api/v1/tenants",
            200,
            "{\"items\":[{\"slug\":\"a\",\"name\":\"한빛\",\"kind\":\"EXTERNAL\","
                + "\"state\":\"ACTIVE\"}]}")
        .answer(
            "GET /api/v1/tenants/a/history",
            200,
            "{\"items\":[{\"action\":\"suspend\",\"from\":\"ACTIVE\",\"to\":\"SUSPENDED\","
                + "\"actorName\":\"kim\",\"reason\":\"Overdue.\",\"at\":\"2026-11-01T00:00:00Z\"}]}");

    assertThat(run("tenants", "list")).isZero();
    assertThat(run("tenants", "history", "a")).as(err.toString()).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            SLUG  NAME  KIND      STATE
            a     한빛  EXTERNAL  ACTIVE
            AT (SEOUL)           STEP     STATE      BY   REASON
            2026-11-01 09:00:00  suspend  SUSPENDED  kim  Overdue.
            """);
  }

  @Test
  void listsMembersWithTheirRolesAtProjects() {
    server.answer(
        "GET /api/v1/tenants/sk-hynix/members",
        200,
        """
        {"items":[
          {"subject":"s-1","username":"kim","roles":["OWNER"],"projectRoles":{}},
          {"subject":"s-2","username":"lee.minho","roles":[],
           "projectRoles":{"prj_1":["OPERATOR"]}}]}""");

    assertThat(run("members")).as(err.toString()).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            USER       ROLES              SUBJECT
            kim        OWNER              s-1
            lee.minho  OPERATOR of prj_1  s-2
            """);
  }

  @Test
  void invitesAndPrintsTheTokenOnce() {
    server.answer(
        "POST /api/v1/tenants/sk-hynix/invitations",
        201,
        """
        {"id":"ivt_1","email":"lee@example.com","roles":["OPERATOR"],"projectRoles":{},
         "state":"PENDING","expiresAt":"2026-11-09T00:00:00Z","token":"gci_secret"}""");

    int code = run("invitations", "create", "lee@example.com", "--role", "operator");

    assertThat(code).as(err.toString()).isZero();
    assertThat(server.apiRequests().getFirst().body())
        .isEqualTo("{\"email\":\"lee@example.com\",\"roles\":[\"OPERATOR\"]}");
    assertThat(out.toString())
        .isEqualTo(
            """
            Invited lee@example.com as OPERATOR until 2026-11-09 09:00:00 (Seoul).
            To accept, that person runs: gpucloud invitations accept gci_secret
            """);
  }

  @Test
  void invitesToAProjectListsRevokesAndAccepts() {
    server
        .answer(
            "POST /api/v1/tenants/sk-hynix/invitations",
            201,
            """
            {"email":"a@example.com","roles":[],"projectRoles":{"prj_1":["VIEWER"]}}""")
        .answer(
            "GET /api/v1/tenants/sk-hynix/invitations",
            200,
            """
            {"items":[{"id":"ivt_1","email":"a@example.com","roles":[],
              "projectRoles":{"prj_1":["VIEWER"]},"state":"PENDING",
              "expiresAt":"2026-11-09T00:00:00Z"}]}""")
        .answer("DELETE /api/v1/tenants/sk-hynix/invitations/ivt_1", 204, "")
        .answer(
            "POST /api/v1/invitations/accept",
            200,
            """
            {"tenantId":"ten_1","tenantSlug":"sk-hynix",
             "member":{"roles":["VIEWER"],"projectRoles":{}}}""");

    assertThat(run("invitations", "create", "a@example.com", "--role", "VIEWER", "-p", "prj_1"))
        .as(err.toString())
        .isZero();
    assertThat(server.apiRequests().getFirst().body())
        .isEqualTo("{\"email\":\"a@example.com\",\"projectRoles\":{\"prj_1\":[\"VIEWER\"]}}");
    out.getBuffer().setLength(0);
    assertThat(run("invitations", "list")).isZero();
    assertThat(run("invitations", "revoke", "ivt_1")).as(err.toString()).isZero();
    assertThat(run("invitations", "accept", "gci_x")).as(err.toString()).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            E-MAIL         ROLES            STATE    UNTIL (SEOUL)        ID
            a@example.com  VIEWER of prj_1  PENDING  2026-11-09 09:00:00  ivt_1
            You are a member of sk-hynix now: VIEWER.
            """);
    assertThat(run("invitations")).isEqualTo(2);
  }

  @Test
  void keepsListsAndDeletesSshKeys() throws IOException {
    Path file = Files.writeString(folder.resolve("id.pub"), "ssh-ed25519 AAAA kim\n");
    server
        .answer("POST /api/v1/me/ssh-keys", 201, KEY)
        .answer("DELETE /api/v1/me/ssh-keys/ssh_1", 204, "")
        .answer(
            "GET /api/v1/tenants/sk-hynix/projects/fab/ssh-keys", 200, "{\"items\":[" + KEY + "]}");

    assertThat(run("ssh-keys", "add", file.toString(), "-n", "laptop")).as(err.toString()).isZero();
    assertThat(server.apiRequests().getFirst().body())
        .isEqualTo("{\"publicKey\":\"ssh-ed25519 AAAA kim\",\"name\":\"laptop\"}");
    assertThat(run("ssh-keys", "delete", "ssh_1")).as(err.toString()).isZero();
    out.getBuffer().setLength(0);
    assertThat(run("ssh-keys", "list", "-p", "fab")).as(err.toString()).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            NAME    TYPE         BITS  FINGERPRINT  ID
            laptop  ssh-ed25519   256  SHA256:abc   ssh_1
            """);
  }

  @Test
  void givesAnInstanceAKeyByItsName() {
    env.put("GPUCLOUD_PROJECT", "sk-hynix.fab");
    server
        .answer("GET /api/v1/me/ssh-keys", 200, "{\"items\":[" + KEY + "]}")
        .answer(
            "POST /api/v1/projects/sk-hynix.fab/instances",
            202,
            "{\"id\":\"ins_1\",\"name\":\"train\",\"state\":\"PENDING\"}");

    int code =
        run("instances", "create", "-t", "b200.8x", "-n", "train", "--ssh-key-name", "laptop");

    assertThat(code).as(err.toString()).isZero();
    assertThat(server.apiRequests().getLast().body())
        .contains("\"sshKeys\":[\"ssh-ed25519 AAAA kim\"]");
    assertThat(run("instances", "create", "-t", "b200.8x", "--ssh-key-name", "phone")).isEqualTo(2);
    assertThat(err.toString()).contains("You have no SSH key 'phone'; you have: [laptop].");
  }

  private CliContext context() {
    Terminal terminal =
        new Terminal(
            new PrintWriter(out), new PrintWriter(err), new StringReader(""), false, false);
    return new CliContext(terminal, env, folder, InstantSource.fixed(NOW));
  }

  @Test
  void makesAWebhookAndPrintsItsSecretOnce() {
    String made =
        """
        {"id":"whk_1","url":"https://ops.example.com/h","kinds":["budget.exhausted"],
         "state":"ACTIVE","version":1,"secret":"whsec_abc"}""";
    server
        .answer("POST /api/v1/tenants/sk-hynix/webhooks", 201, made)
        .answer("POST /api/v1/tenants/sk-hynix/webhooks/whk_1/rotate", 200, made)
        .answer(
            "POST /api/v1/tenants/sk-hynix/webhooks/whk_1/test",
            202,
            "{\"notificationId\":\"ntf_1\"}");

    int code = run("webhooks", "create", "https://ops.example.com/h", "--kind", "budget.exhausted");

    assertThat(code).as(err.toString()).isZero();
    assertThat(server.apiRequests().getFirst().body())
        .isEqualTo("{\"url\":\"https://ops.example.com/h\",\"kinds\":[\"budget.exhausted\"]}");
    assertThat(run("webhooks", "rotate", "whk_1")).as(err.toString()).isZero();
    assertThat(run("webhooks", "test", "whk_1")).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo("whsec_abc\nwhsec_abc\nSent as ntf_1.\n");
    assertThat(run("webhooks")).isEqualTo(2);
  }

  @Test
  void webhooksAreToldEventsTooAndKeepWhatIsNotNamed() {
    String before =
        """
        {"id":"whk_1","url":"https://ops.example.com/h","kinds":[],"events":["instance.*"],
         "description":"","state":"ACTIVE","version":7,"secret":"whsec_abc"}""";
    server
        .answer("POST /api/v1/tenants/sk-hynix/webhooks", 201, before)
        .answer("GET /api/v1/tenants/sk-hynix/webhooks/whk_1", 200, before)
        .answer("GET /api/v1/tenants/sk-hynix/webhooks", 200, "{\"items\":[" + before + "]}")
        .answer("PUT /api/v1/tenants/sk-hynix/webhooks/whk_1", 200, before);

    assertThat(run("webhooks", "create", "https://ops.example.com/h", "-e", "instance.*")).isZero();
    assertThat(server.apiRequests().getLast().body())
        .isEqualTo("{\"url\":\"https://ops.example.com/h\",\"events\":[\"instance.*\"]}");
    assertThat(run("webhooks", "edit", "whk_1", "-k", "all")).as(err.toString()).isZero();
    assertThat(server.apiRequests().getLast().body())
        .contains("\"kinds\":[\"*\"]")
        .contains("\"events\":[\"instance.*\"]");
    assertThat(run("webhooks", "edit", "whk_1", "-e", "none")).as(err.toString()).isZero();
    assertThat(server.apiRequests().getLast().body())
        .contains("\"kinds\":[]")
        .contains("\"events\":[]");
    assertThat(run("webhooks", "list")).isZero();
    assertThat(out.toString()).contains("none   instance.*  -");
  }

  @Test
  void listsShowsAndDeletesWebhooks() {
    String webhook =
        """
        {"id":"whk_1","url":"https://ops.example.com/h","kinds":[],"description":"",
         "state":"DISABLED","failingSince":"2026-11-01T00:00:00Z","lastProblem":"answered 503",
         "version":7}""";
    server
        .answer("GET /api/v1/tenants/sk-hynix/webhooks", 200, "{\"items\":[" + webhook + "]}")
        .answer("GET /api/v1/tenants/sk-hynix/webhooks/whk_1", 200, webhook)
        .answer(
            "GET /api/v1/tenants/sk-hynix/webhooks/whk_1/dispatches",
            200,
            """
            {"items":[{"kind":"tenant.resumed","state":"DEAD","attempts":17,"lastStatus":503,
              "createdAt":"2026-11-01T00:00:00Z"}]}""")
        .answer("DELETE /api/v1/tenants/sk-hynix/webhooks/whk_1", 204, "");

    assertThat(run("webhooks", "list")).as(err.toString()).isZero();
    assertThat(run("webhooks", "show", "whk_1")).as(err.toString()).isZero();
    assertThat(run("webhooks", "delete", "whk_1")).as(err.toString()).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            ID     STATE     URL                        KINDS  EVENTS  FAILING SINCE
            whk_1  DISABLED  https://ops.example.com/h  all    none    2026-11-01 09:00:00
            FIELD          VALUE
            id             whk_1
            url            https://ops.example.com/h
            state          DISABLED
            kinds          all
            events         none
            description    -
            failing since  2026-11-01 09:00:00
            last problem   answered 503

            KIND            STATE  TRIES  STATUS  AT
            tenant.resumed  DEAD      17     503  2026-11-01 09:00:00
            """);
    assertThat(server.apiRequests().getLast().headers().get("if-match")).isEqualTo("\"7\"");
  }

  @Test
  void listsWhatPeopleWereTold() {
    server.answer(
        "GET /api/v1/tenants/sk-hynix/notifications",
        200,
        """
        {"items":[
          {"id":"ntf_2","kind":"tenant.suspended","state":"SENT","title":"한빛 이용이 정지되었습니다",
           "at":"2026-11-01T00:00:00Z","dispatches":[{},{}]},
          {"id":"ntf_1","kind":"api-key.created","state":"DEAD","title":"A new API key: night",
           "at":"2026-10-31T00:00:00Z","dispatches":[{}]}]}""");

    assertThat(run("notifications", "list", "--state", "SENT")).as(err.toString()).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            AT                   KIND              STATE  TOLD  TITLE                       ID
            2026-11-01 09:00:00  tenant.suspended  SENT      2  한빛 이용이 정지되었습니다  ntf_2
            2026-10-31 09:00:00  api-key.created   DEAD      1  A new API key: night        ntf_1
            """);
  }

  private int run(String... args) {
    return GpucloudCli.execute(GpucloudCli.commandLine(context()), args);
  }
}
