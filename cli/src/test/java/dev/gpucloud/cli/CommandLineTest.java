package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as its user sees it: what it prints, what it sends, how it ends. */
class CommandLineTest {
  private static final Instant NOW = Instant.parse("2026-11-02T00:00:00Z");
  private static final String INSTANCES = "/api/v1/projects/sk-hynix.fab/instances";
  private static final String RUNNING =
      """
      {"id":"ins_1","name":"train","state":"RUNNING","instanceType":"b200.8x","gpus":8,
       "site":"kr-ulsan-1","createdAt":"2026-11-02T00:00:00Z","version":3}\
      """;

  @TempDir Path folder;
  private FakeServer server;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> env = new HashMap<>();
  private String stdin = "";
  private boolean coloured;

  @BeforeEach
  void startServer() {
    server = new FakeServer();
    env.put("GPUCLOUD_CONFIG", folder.resolve("config").toString());
    env.put("GPUCLOUD_SERVER", server.url());
    env.put("GPUCLOUD_PROJECT", "sk-hynix.fab");
    env.put("GPUCLOUD_TENANT", "sk-hynix");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  // ---- API keys

  @Test
  void sendsAKeyOfTheEnvironmentInsteadOfALogin() {
    env.put("GPUCLOUD_API_KEY", "gck_of-the-environment");
    server.answer("GET " + INSTANCES, 200, "{\"items\":[" + RUNNING + "]}");

    int code = run("instances", "list");

    assertThat(code).as(err.toString()).isZero();
    assertThat(server.last().headers())
        .containsEntry("authorization", "Bearer gck_of-the-environment");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void saysWhyAKeyIsRefusedAndNeverShowsIt() {
    env.put("GPUCLOUD_API_KEY", "gck_secret-part");
    server.answer(
        "GET " + INSTANCES,
        401,
        "{\"code\":\"UNAUTHENTICATED\",\"detail\":\"The API key key_1 has expired; make a new"
            + " one.\"}");

    assertThat(run("instances", "list")).isEqualTo(3);
    assertThat(err.toString()).contains("has expired").doesNotContain("secret-part");
  }

  @Test
  void showsANewKeyOnStandardOutputAlone() {
    env.put("GPUCLOUD_API_KEY", "gck_x");
    server.answer(
        "POST /api/v1/tenants/sk-hynix/api-keys", 201, "{\"id\":\"key_1\",\"key\":\"gck_new\"}");

    int code = run("api-keys", "create", "-n", "nightly", "-r", "OPERATOR", "-r", "VIEWER");

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo("gck_new\n");
    assertThat(err.toString()).contains("not shown again").doesNotContain("gck_new");
    assertThat(server.last().body())
        .isEqualTo("{\"name\":\"nightly\",\"roles\":[\"OPERATOR\",\"VIEWER\"]}");
    assertThat(server.last().headers()).containsKey("idempotency-key");
  }

  @Test
  void tellsWhatToDoWhenTheAnswerWithTheKeyWasLost() {
    env.put("GPUCLOUD_API_KEY", "gck_x");
    server.answer("POST /api/v1/tenants/sk-hynix/api-keys", 201, "{\"id\":\"key_1\"}");

    assertThat(run("api-keys", "create", "-n", "n", "-r", "VIEWER"))
        .isEqualTo(ExitCode.UNAVAILABLE.code());
    assertThat(err.toString()).contains("gpucloud api-keys revoke key_1");
  }

  @Test
  void listsAndRevokesKeys() {
    env.put("GPUCLOUD_API_KEY", "gck_x");
    server
        .answer(
            "GET /api/v1/tenants/sk-hynix/api-keys",
            200,
            """
            {"items":[{"id":"key_1","name":"nightly","state":"ACTIVE","roles":["VIEWER"],
             "subject":"s-1","expiresAt":"2027-01-31T00:00:00Z"}]}\
            """)
        .answer("DELETE /api/v1/tenants/sk-hynix/api-keys/key_1", 204, "");

    assertThat(run("api-keys", "list")).isZero();
    assertThat(out.toString()).contains("nightly").contains("ACTIVE").contains("VIEWER");
    assertThat(run("api-keys", "revoke", "key_1")).isZero();
    assertThat(server.last().method()).isEqualTo("DELETE");
  }

  @Test
  void deletesAServiceAccountOnTheVersionItHasSeen() {
    env.put("GPUCLOUD_API_KEY", "gck_x");
    server
        .answer("GET /api/v1/tenants/sk-hynix/service-accounts/sac_1", 200, "{\"version\":3}")
        .answer("DELETE /api/v1/tenants/sk-hynix/service-accounts/sac_1", 204, "");

    assertThat(run("service-accounts", "delete", "sac_1")).isZero();
    assertThat(server.last().headers()).containsEntry("if-match", "\"3\"");
  }

  // ---- login

  @Test
  void logsInWithAPasswordFromStandardInputAndKeepsTheTokensPrivate() throws IOException {
    server.answer("POST /realm/token", 200, FakeServer.tokens("alice", 900, "r-1"));
    stdin = "secret\n";

    int code = run("login", "--username", "alice", "--password-stdin");

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo("Logged in as alice at " + server.url() + ".\n");
    assertThat(server.requests().getLast().body())
        .contains("grant_type=password")
        .contains("username=alice")
        .contains("password=secret")
        .contains("client_id=gpucloud-cli");
    Path file = folder.resolve("config/logins.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file)).contains("r-1").doesNotContain("secret");
  }

  @Test
  void logsInByDevice() {
    server
        .answer(
            "POST /realm/device",
            200,
            """
            {"device_code":"d-1","user_code":"ABCD-EFGH","verification_uri":"http://idp/device",
             "verification_uri_complete":"http://idp/device?user_code=ABCD-EFGH","interval":1,
             "expires_in":60}\
            """)
        .answer("POST /realm/token", 400, "{\"error\":\"authorization_pending\"}")
        .answer("POST /realm/token", 200, FakeServer.tokens("bob", 900, "r-2"));

    int code = run("login");

    assertThat(code).as(err.toString()).isZero();
    assertThat(err.toString())
        .contains("http://idp/device?user_code=ABCD-EFGH")
        .contains("type ABCD-EFGH");
    assertThat(out.toString()).startsWith("Logged in as bob");
  }

  @Test
  void saysWhyALoginIsRefused() {
    server.answer(
        "POST /realm/token",
        401,
        "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid user credentials\"}");
    stdin = "wrong\n";
    assertThat(run("login", "-u", "alice", "--password-stdin")).isEqualTo(3);
    assertThat(err.toString())
        .isEqualTo("error: The identity provider refused: Invalid user credentials.\n");
  }

  @Test
  void takesAPasswordOfTheDevStack() throws IOException {
    Path home = Files.createDirectories(folder.resolve(".gpucloud"));
    Files.writeString(
        home.resolve("credentials.json"),
        """
        {"users":[{"username":"carol","password":"generated"}],
         "urls":{"gateway":"%s"}}\
        """
            .formatted(server.url()));
    env.remove("GPUCLOUD_SERVER");
    server.answer("POST /realm/token", 200, FakeServer.tokens("carol", 900, "r"));

    assertThat(run("login", "-u", "carol", "--dev")).as(err.toString()).isZero();
    assertThat(server.requests().getLast().body()).contains("password=generated");
    assertThat(run("login", "-u", "dave", "--dev")).isEqualTo(2);
    assertThat(err.toString()).contains("knows no user dave");
  }

  @Test
  void forgetsTheTokensAtLogout() throws IOException {
    loggedIn();
    server.answer("POST /realm/logout", 204, "");
    assertThat(run("logout")).isZero();
    assertThat(server.requests().getLast().body()).contains("refresh_token=r-1");
    assertThat(Files.readString(folder.resolve("config/logins.json"))).doesNotContain("r-1");
    assertThat(run("whoami")).isEqualTo(3);
  }

  @Test
  void asksForALoginBeforeItAsksTheServer() {
    assertThat(run("instances", "list")).isEqualTo(3);
    assertThat(err.toString())
        .isEqualTo(
            "error: Nobody is logged in at " + server.url() + ".\n  what to do: gpucloud login\n");
    assertThat(server.apiRequests()).isEmpty();
  }

  @Test
  void renewsATokenThatIsAboutToEnd() {
    loggedIn(10);
    server.answer("POST /realm/token", 200, FakeServer.tokens("alice", 900, "r-2"));
    server.answer("GET " + INSTANCES, 200, "{\"items\":[]}");
    assertThat(run("instances", "list")).as(err.toString()).isZero();
    assertThat(server.requests().stream().map(FakeServer.Request::body))
        .anyMatch(body -> body.contains("refresh_token=r-1"));
  }

  @Test
  void renewsATokenTheServerRefusesOnceAndTriesAgain() {
    loggedIn();
    server.answer("POST /realm/token", 200, FakeServer.tokens("alice", 900, "r-2"));
    server
        .answer("GET " + INSTANCES, 401, "{\"code\":\"UNAUTHENTICATED\"}")
        .answer("GET " + INSTANCES, 200, "{\"items\":[]}");
    assertThat(run("instances", "list")).as(err.toString()).isZero();
    assertThat(server.apiRequests()).hasSize(2);
  }

  @Test
  void saysThatALoginHasEnded() {
    loggedIn(-1);
    server.answer("POST /realm/token", 400, "{\"error\":\"invalid_grant\"}");
    assertThat(run("instances", "list")).isEqualTo(3);
    assertThat(err.toString()).contains("The login has ended.").contains("gpucloud login");
  }

  // ---- instances

  @Test
  void printsInstancesAsAnAlignedTable() {
    loggedIn();
    server.answer(
        "GET " + INSTANCES,
        200,
        "{\"items\":[%s,{\"id\":\"ins_2\",\"name\":\"학습\",\"state\":\"PROVISIONING\",\"instanceType\":\"b200.1x\",\"gpus\":1,\"site\":\"kr-seoul-gasan\",\"createdAt\":\"2026-11-02T15:30:00Z\"}]}"
            .formatted(RUNNING));
    assertThat(run("instances", "list")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            NAME   STATE         TYPE     GPUS  SITE            CREATED (SEOUL)      ID
            train  RUNNING       b200.8x     8  kr-ulsan-1      2026-11-02 09:00:00  ins_1
            학습   PROVISIONING  b200.1x     1  kr-seoul-gasan  2026-11-03 00:30:00  ins_2
            """);
  }

  @Test
  void followsPageTokens() {
    loggedIn();
    server
        .answer("GET " + INSTANCES, 200, "{\"items\":[" + RUNNING + "],\"nextPageToken\":\"a/b\"}")
        .answer("GET " + INSTANCES, 200, "{\"items\":[" + RUNNING + "],\"nextPageToken\":null}");
    assertThat(run("instances", "list")).isZero();
    assertThat(out.toString().lines()).hasSize(3);
    assertThat(server.last().uri()).endsWith("?pageSize=1000&pageToken=a%2Fb");
  }

  @Test
  void printsJsonAndYaml() {
    loggedIn();
    server.answer(
        "GET " + INSTANCES + "/ins_1", 200, "{\"id\":\"ins_1\",\"price\":\"0012\",\"gpus\":8}");
    assertThat(run("instances", "show", "ins_1", "-o", "json")).isZero();
    assertThat(out.toString())
        .isEqualTo("{\n  \"id\" : \"ins_1\",\n  \"price\" : \"0012\",\n  \"gpus\" : 8\n}\n");
    out.getBuffer().setLength(0);
    assertThat(run("instances", "show", "ins_1", "-o", "YAML")).isZero();
    assertThat(out.toString()).isEqualTo("id: ins_1\nprice: \"0012\"\ngpus: 8\n");
  }

  @Test
  void createsSeveralInstancesEachWithItsOwnKey() {
    loggedIn();
    server.answer("POST " + INSTANCES, 202, RUNNING);
    int code =
        run(
            "instances",
            "create",
            "-t",
            "b200.8x",
            "-n",
            "train",
            "--count",
            "2",
            "--site",
            "kr-ulsan-1",
            "--idempotency-key",
            "k");
    assertThat(code).as(err.toString()).isZero();
    List<FakeServer.Request> sent = server.apiRequests();
    assertThat(sent).hasSize(2);
    assertThat(sent.get(0).body())
        .isEqualTo("{\"name\":\"train-1\",\"instanceType\":\"b200.8x\",\"site\":\"kr-ulsan-1\"}");
    assertThat(sent.get(1).body()).contains("train-2");
    assertThat(sent.stream().map(r -> r.headers().get("idempotency-key")))
        .containsExactly("k-1", "k-2");
  }

  @Test
  void repeatsACreateWithTheSameKeyWhileItsServiceIsAway() {
    loggedIn();
    server
        .answer("POST " + INSTANCES, 503, "{\"code\":\"UPSTREAM_UNAVAILABLE\"}")
        .answer("POST " + INSTANCES, 202, RUNNING);
    assertThat(run("instances", "create", "-t", "b200.8x")).as(err.toString()).isZero();
    List<FakeServer.Request> sent = server.apiRequests();
    assertThat(sent).hasSize(2);
    assertThat(sent.get(0).headers().get("idempotency-key"))
        .isNotBlank()
        .isEqualTo(sent.get(1).headers().get("idempotency-key"));
    assertThat(sent.get(0).body()).isEqualTo(sent.get(1).body());
  }

  @Test
  void waitsUntilAnInstanceRuns() {
    loggedIn();
    server.answer("POST " + INSTANCES, 202, RUNNING.replace("RUNNING", "PENDING"));
    server
        .answer("GET " + INSTANCES + "/ins_1", 200, RUNNING.replace("RUNNING", "PENDING"))
        .answer("GET " + INSTANCES + "/ins_1", 200, RUNNING.replace("RUNNING", "PROVISIONING"))
        .answer("GET " + INSTANCES + "/ins_1", 200, RUNNING);
    assertThat(run("instances", "create", "-t", "b200.8x", "--wait")).isZero();
    assertThat(err.toString()).isEqualTo("train  PENDING\ntrain  PROVISIONING\ntrain  RUNNING\n");
    assertThat(out.toString()).contains("RUNNING");
  }

  @Test
  void stopsWaitingForAnInstanceThatFailed() {
    loggedIn();
    server.answer(
        "POST " + INSTANCES + "/ins_1/start", 202, RUNNING.replace("RUNNING", "STARTING"));
    server.answer(
        "GET " + INSTANCES + "/ins_1",
        200,
        "{\"id\":\"ins_1\",\"name\":\"train\",\"state\":\"FAILED\",\"reason\":\"BOOT_TIMEOUT\"}");
    assertThat(run("instances", "start", "ins_1", "--wait")).isEqualTo(8);
    assertThat(err.toString()).contains("ins_1 is FAILED, not RUNNING.").contains("BOOT_TIMEOUT");
  }

  @Test
  void givesAnInstanceImageKeysAndUserData() throws IOException {
    loggedIn();
    server.answer("POST " + INSTANCES, 202, RUNNING);
    Path key = Files.writeString(folder.resolve("id.pub"), "# mine\nssh-ed25519 AAAA kim\n\n");
    Path data = Files.writeString(folder.resolve("user-data"), "#cloud-config\n");
    int code =
        run(
            "instances",
            "create",
            "-t",
            "b200.8x",
            "-n",
            "train",
            "--image",
            "rocky-9-cuda-13",
            "--ssh-key",
            key.toString(),
            "--user-data",
            data.toString());
    assertThat(code).as(err.toString()).isZero();
    assertThat(server.apiRequests().getFirst().body())
        .isEqualTo(
            "{\"name\":\"train\",\"instanceType\":\"b200.8x\",\"image\":\"rocky-9-cuda-13\",\"sshKeys\":[\"ssh-ed25519"
                + " AAAA kim\"],\"userDataBase64\":\"I2Nsb3VkLWNvbmZpZwo=\"}");
  }

  @Test
  void neverSendsAPrivateKey() throws IOException {
    loggedIn();
    Path key =
        Files.writeString(folder.resolve("id"), "-----BEGIN OPENSSH " + "PRIVATE KEY-----\n");
    assertThat(run("instances", "create", "-t", "b200.8x", "--ssh-key", key.toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("is a private key").contains("id.pub");
    assertThat(run("instances", "create", "-t", "x", "--user-data", "/nowhere")).isEqualTo(2);
    assertThat(server.apiRequests()).isEmpty();
  }

  @Test
  void rebootsAndWaitsForTheOperation() {
    loggedIn();
    String asked = RUNNING.replace("{\"id\"", "{\"operation\":\"op_1\",\"id\"");
    server
        .answer("POST " + INSTANCES + "/train/reboot", 202, asked)
        .answer("GET /api/v1/operations/op_1", 200, "{\"state\":\"RUNNING\"}")
        .answer("GET /api/v1/operations/op_1", 200, "{\"state\":\"SUCCEEDED\"}")
        .answer("GET " + INSTANCES + "/ins_1", 200, RUNNING);
    assertThat(run("instances", "reboot", "train", "--wait")).as(err.toString()).isZero();
    assertThat(server.apiRequests()).hasSize(4);
  }

  @Test
  void saysWhyAResizeCameToNothing() {
    loggedIn();
    String asked = RUNNING.replace("{\"id\"", "{\"operation\":\"op_1\",\"id\"");
    server
        .answer("POST " + INSTANCES + "/train/resize", 202, asked)
        .answer("GET /api/v1/operations/op_1", 200, "{\"state\":\"FAILED\",\"reason\":\"XID_79\"}");
    assertThat(run("instances", "resize", "train", "-t", "b200.4x", "--wait")).isEqualTo(8);
    assertThat(server.apiRequests().getFirst().body()).isEqualTo("{\"instanceType\":\"b200.4x\"}");
    assertThat(err.toString()).contains("XID_79");
  }

  @Test
  void movesAndTellsHowToReach() {
    loggedIn();
    server
        .answer("POST " + INSTANCES + "/train/move", 200, RUNNING)
        .answer(
            "GET " + INSTANCES + "/train/connect",
            200,
            "{\"command\":\"ssh"
                + " ubuntu@10.64.0.4\",\"sshKeys\":[{\"fingerprint\":\"SHA256:x\",\"comment\":\"kim\"}]}")
        .answer("GET " + INSTANCES + "/train/console-log", 200, "{\"text\":\"booting\\nlogin:\"}")
        .answer(
            "GET /api/v1/images",
            200,
            "{\"items\":[{\"family\":\"ubuntu-24.04-cuda-13\",\"version\":\"20261001\",\"state\":\"ACTIVE\",\"loginUser\":\"ubuntu\",\"description\":\"Ubuntu\",\"preferred\":true}]}");
    assertThat(run("instances", "move", "train", "--to", "sk-hynix.lab"))
        .as(err.toString())
        .isZero();
    assertThat(server.apiRequests().getFirst().body()).isEqualTo("{\"project\":\"sk-hynix.lab\"}");
    assertThat(run("instances", "connect", "train")).isZero();
    assertThat(out.toString()).contains("ssh ubuntu@10.64.0.4\n  SHA256:x  kim\n");
    assertThat(run("instances", "console-log", "train")).isZero();
    assertThat(out.toString()).endsWith("booting\nlogin:\n");
    assertThat(run("images")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("ubuntu-24.04-cuda-13 (default)");
  }

  @Test
  void createsAndAttachesVolumes() {
    loggedIn();
    String volumes = "/api/v1/projects/sk-hynix.fab/volumes";
    String one =
        "{\"id\":\"vol_1\",\"name\":\"data\",\"state\":\"AVAILABLE\",\"sizeGib\":500,\"site\":\"kr-ulsan-1\"}";
    server
        .answer("POST " + volumes, 201, one)
        .answer("POST " + volumes + "/vol_1/attach", 200, one.replace("AVAILABLE", "IN_USE"))
        .answer("POST " + volumes + "/vol_1/detach", 200, one)
        .answer("DELETE " + volumes + "/vol_1", 200, one.replace("AVAILABLE", "DELETED"))
        .answer("GET " + volumes, 200, "{\"items\":[" + one + "]}");
    assertThat(run("volumes", "create", "-n", "data", "--size", "500", "--site", "kr-ulsan-1"))
        .as(err.toString())
        .isZero();
    assertThat(server.apiRequests().getFirst().body())
        .isEqualTo("{\"name\":\"data\",\"site\":\"kr-ulsan-1\",\"sizeGib\":500}");
    assertThat(run("volumes", "attach", "vol_1", "train")).isZero();
    assertThat(server.apiRequests().getLast().body())
        .isEqualTo("{\"instance\":\"train\",\"deleteOnTermination\":false}");
    assertThat(run("volumes", "detach", "vol_1")).isZero();
    assertThat(run("volumes", "list")).as(err.toString()).isZero();
    assertThat(run("volumes", "delete", "vol_1")).isZero();
    assertThat(out.toString()).contains("IN_USE").contains("DELETED");
    assertThat(run("volumes", "create", "-n", "data")).isEqualTo(2);
  }

  @Test
  void takesAnInstanceByItsName() {
    loggedIn();
    server.answer("DELETE " + INSTANCES + "/train", 202, RUNNING.replace("RUNNING", "DELETING"));
    assertThat(run("instances", "delete", "train")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("DELETING");
  }

  @Test
  void findsTheOnlyProjectOfTheOnlyTenant() {
    env.remove("GPUCLOUD_PROJECT");
    env.remove("GPUCLOUD_TENANT");
    loggedIn();
    server.answer(
        "GET /api/v1/me",
        200,
        "{\"memberships\":[{\"tenant\":{\"id\":\"ten_1\",\"slug\":\"sk-hynix\"},\"roles\":[\"OPERATOR\"]}]}");
    server
        .answer("GET /api/v1/tenants/sk-hynix/projects", 200, "{\"items\":[{\"slug\":\"fab\"}]}")
        .answer(
            "GET /api/v1/tenants/sk-hynix/projects",
            200,
            "{\"items\":[{\"slug\":\"fab\"},{\"slug\":\"sim\"}]}");
    server.answer("GET " + INSTANCES, 200, "{\"items\":[]}");
    assertThat(run("instances", "list")).as(err.toString()).isZero();
    assertThat(run("instances", "list")).isEqualTo(2);
    assertThat(err.toString()).contains("one of: sk-hynix.fab, sk-hynix.sim");
  }

  // ---- catalogue, usage, invoices

  @Test
  void showsTypesWithThePriceOfTheWholeInstance() {
    loggedIn();
    server.answer(
        "GET /api/v1/instance-types",
        200,
        """
        {"items":[{"id":"b200.8x","model":"b200-sxm-180g","gpus":8,"gpuSlices":64,"vcpus":224,"memoryGib":1792,
                   "price":{"amount":"7200","currency":"KRW","unit":"GPU_HOUR"},"available":1403},
                  {"id":"b200.mig-1g","model":"b200-sxm-180g","gpus":0,"migProfile":"1g.23gb","gpuSlices":1,"vcpus":4,
                   "memoryGib":32,"price":{"amount":"1170","currency":"KRW","unit":"INSTANCE_HOUR"},"available":9},
                  {"id":"h200.1x","model":"h200-sxm-141g","gpus":1,"gpuSlices":8,"vcpus":24,"memoryGib":224,"available":0}]}\
        """);
    assertThat(run("instance-types")).as(err.toString()).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            TYPE         GPU MODEL      GPUS  MIG      VCPUS  MEMORY GIB  KRW/HOUR  FIT NOW
            b200.8x      b200-sxm-180g     8  -          224        1792    57,600     1403
            b200.mig-1g  b200-sxm-180g     -  1g.23gb      4          32     1,170        9
            h200.1x      h200-sxm-141g     1  -           24         224         -        0
            """);
  }

  @Test
  void showsAnInvoiceWithItsBreakdown() {
    loggedIn();
    server.answer("GET /api/v1/tenants/sk-hynix/invoices/inv_1", 200, InvoiceSample.JSON);
    assertThat(run("invoices", "show", "inv_1")).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo(InvoiceSample.TEXT);
  }

  @Test
  void approvesAnInvoiceByItsNumber() {
    loggedIn();
    server.answer("GET /api/v1/finance/invoices/2026-11-000001", 200, InvoiceSample.JSON);
    server.answer("GET /api/v1/finance/invoices/inv_1", 200, InvoiceSample.JSON);
    server.answer("POST /api/v1/finance/invoices/inv_1/approve", 200, InvoiceSample.JSON);
    assertThat(run("finance", "invoices", "approve", "2026-11-000001")).as(err.toString()).isZero();
  }

  @Test
  void approvesTheVersionOfTheInvoiceThatStandsNow() {
    loggedIn();
    server.answer("GET /api/v1/finance/invoices/inv_1", 200, InvoiceSample.JSON, "ETag", "\"4\"");
    server.answer("POST /api/v1/finance/invoices/inv_1/approve", 200, InvoiceSample.JSON);
    assertThat(run("finance", "invoices", "approve", "inv_1")).as(err.toString()).isZero();
    assertThat(server.last().headers()).containsEntry("if-match", "\"4\"");
    assertThat(server.last().headers()).containsKey("idempotency-key");
    assertThat(server.last().body()).isEqualTo("{}");
  }

  private static final String NOTE =
      """
      {"id":"nte_1","number":"2026-11-000001-C01","invoiceNumber":"2026-11-000001","kind":"SLA",
       "state":"ISSUED","writeDate":"2026-12-20","why":"down",
       "supplyValue":{"amount":"-2028000","currency":"KRW"},
       "vat":{"amount":"-202800","currency":"KRW"}}\
      """;

  @Test
  void preparesANote() {
    loggedIn();
    server.answer("POST /api/v1/finance/invoices/2026-11-000001/notes", 201, NOTE);
    String line =
        "finance notes create 2026-11-000001 --kind SLA --percent 10 --from 2026-11-03"
            + " --to 2026-11-04 --why down";
    assertThat(run(line.split(" "))).as(err.toString()).isZero();
    assertThat(server.last().headers()).containsKey("idempotency-key");
    assertThat(server.last().body())
        .isEqualTo(
            "{\"kind\":\"SLA\",\"why\":\"down\",\"percent\":\"10\","
                + "\"periodFrom\":\"2026-11-03\",\"periodTo\":\"2026-11-04\"}");
    assertThat(out.toString()).contains("2026-11-000001-C01").contains("-2,028,000");
  }

  @Test
  void approvesTheVersionOfTheNoteThatStandsNow() {
    loggedIn();
    server.answer("GET /api/v1/finance/notes/nte_1", 200, NOTE, "ETag", "\"1\"");
    server.answer("POST /api/v1/finance/notes/nte_1/approve", 200, NOTE);
    assertThat(run("finance", "notes", "approve", "nte_1")).as(err.toString()).isZero();
    assertThat(server.last().headers()).containsEntry("if-match", "\"1\"");
  }

  @Test
  void leavesTheCurrentMonthToTheService() {
    loggedIn();
    server.answer(
        "GET /api/v1/tenants/sk-hynix/usage", 200, "{\"month\":\"2028-03\",\"items\":[]}");
    assertThat(run("usage")).as(err.toString()).isZero();
    assertThat(server.last().uri()).doesNotContain("month");
    assertThat(out.toString()).isEqualTo("No usage in 2028-03.\n");
  }

  @Test
  void showsWhatIsHeldAgainstEachLimit() {
    loggedIn();
    server.answer(
        "GET /api/v1/tenants/sk-hynix/quota-usage",
        200,
        """
        {"items":[{"model":"b200-sxm-180g","usedGpus":1.5,"limitGpus":64,"freeGpus":62.5,
                   "usedSlices":12,"limitVersion":3},
                  {"model":"b200-sxm-180g","projectId":"prj_1","project":"fab","site":"kr-ulsan-1",
                   "usedGpus":1,"usedSlices":8,"limitVersion":0}]}\
        """);
    assertThat(run("quotas", "--site", "kr-ulsan-1")).as(err.toString()).isZero();
    assertThat(server.last().uri()).endsWith("?pageSize=1000&site=kr-ulsan-1");
    assertThat(out.toString())
        .isEqualTo(
            """
            GPU MODEL      PROJECT  SITE        USED  LIMIT  FREE  VERSION
            b200-sxm-180g  (all)    (all)        1.5     64  62.5        3
            b200-sxm-180g  fab      kr-ulsan-1     1      -     -        0
            """);
  }

  @Test
  void showsUsageByRunWithItsSum() {
    loggedIn();
    server.answer(
        "GET /api/v1/projects/sk-hynix.fab/usage",
        200,
        """
        {"month":"2026-10","exactAmount":"86400.500000000000","gpuHours":"16.000000000000","items":[
          {"project":{"id":"prj_1","slug":"fab"},"instance":{"id":"ins_1","name":"train"},
           "instanceType":"b200.8x","sku":"b200.od","gpus":8,"start":"2026-10-02T00:00:00Z",
           "end":"2026-10-02T02:00:00Z","billedSeconds":"7200","exactAmount":"86400.500000000000"}]}\
        """);
    assertThat(run("usage", "-p", "fab", "--month", "2026-10")).as(err.toString()).isZero();
    assertThat(server.last().uri()).endsWith("?pageSize=1000&month=2026-10");
    assertThat(out.toString())
        .isEqualTo(
            """
            INSTANCE  PROJECT  TYPE     GPUS  FROM (SEOUL)         TO (SEOUL)           SECONDS  EXACT KRW
            train     fab      b200.8x     8  2026-10-02 09:00:00  2026-10-02 11:00:00    7,200   86,400.5

            2026-10: 16 GPU-hours, 86,400.5 won before credits and VAT
            """);
  }

  // ---- refusals

  @Test
  void printsAProblemWithEverythingThatHelps() {
    loggedIn();
    server.answer(
        "POST " + INSTANCES,
        422,
        """
        {"code":"UNKNOWN_REFERENCE","status":422,"title":"t","detail":"There is no instance type b999.",
         "requestId":"req-1","params":{"valid":["b200.1x","b200.8x"],"none":[],
           "removed":[{"constraint":"MODEL","hosts":3},{"constraint":"SITE","hosts":1}]},
         "errors":[{"pointer":"/instanceType","detail":"not a known type"}]}\
        """);
    assertThat(run("instances", "create", "-t", "b999")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            """
            error: UNKNOWN_REFERENCE (422): There is no instance type b999.
              /instanceType: not a known type
              valid: b200.1x, b200.8x
              removed: constraint MODEL, hosts 3; constraint SITE, hosts 1
              what to do: Use one of the valid values.
              request id: req-1
            """);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"400,2", "403,4", "404,5", "409,6", "412,6", "413,2", "422,2", "428,6", "500,7"})
  void exitCodeTellsTheKindOfRefusal(int status, int exitCode) {
    loggedIn();
    server.answer("GET " + INSTANCES, status, "{\"code\":\"X\",\"detail\":\"d\"}");
    assertThat(run("instances", "list")).isEqualTo(exitCode);
  }

  @Test
  void readsARefusalThatIsNotAProblem() {
    loggedIn();
    server.answer("GET " + INSTANCES, 500, "<html>proxy error</html>");
    assertThat(run("instances", "list")).isEqualTo(7);
    assertThat(err.toString()).isEqualTo("error: The server answered with HTTP status 500.\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "instances",
        "instances create",
        "instances create -t x --count 0",
        "instances create -t x --count many",
        "instances lst",
        "invoices show",
        "usage --month november",
        "finance invoices create --tenant t",
        "nonsense",
        "instances list -o xml",
        "instances list --server ftp://x"
      })
  void aWrongCommandLineEndsWithTwoAndAWayOut(String line) {
    loggedIn();
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).startsWith("error: ").contains("\n  ");
    assertThat(out.toString()).isEmpty();
    assertThat(server.apiRequests()).isEmpty();
  }

  @Test
  void reportsAServerThatIsNotThere() {
    loggedIn();
    server.close();
    int code = new ApiClientProbe(server.url()).exitCodeOfOneRead();
    assertThat(code).isEqualTo(7);
  }

  // ---- looks

  @Test
  void coloursOnlyWhenAsked() {
    loggedIn();
    server.answer("GET " + INSTANCES, 200, "{\"items\":[" + RUNNING + "]}");
    run("instances", "list");
    assertThat(out.toString()).doesNotContain("\u001b");
    coloured = true;
    out.getBuffer().setLength(0);
    run("instances", "list");
    assertThat(out.toString()).contains("\u001b[32mRUNNING\u001b[0m");
  }

  @Test
  void printsCompletionForBothShells() {
    assertThat(run("completion", "bash")).isZero();
    assertThat(out.toString())
        .contains("complete -F _complete_gpucloud")
        .contains("instance-types");
    out.getBuffer().setLength(0);
    assertThat(run("completion", "zsh")).isZero();
    assertThat(out.toString()).startsWith("autoload -U +X compinit");
    assertThat(run("completion", "fish")).isEqualTo(2);
  }

  @Test
  void helpListsTheExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Exit codes:").contains("  3  not logged in (401)");
  }

  // ---- helpers

  private void loggedIn() {
    loggedIn(900);
  }

  private void loggedIn(long forSeconds) {
    TokenStore.of(context())
        .save(
            "default",
            new TokenStore.Login(
                server.url(),
                server.issuer(),
                "alice",
                FakeServer.token("alice"),
                NOW.plusSeconds(forSeconds),
                "r-1"));
  }

  private CliContext context() {
    Terminal terminal =
        new Terminal(
            new PrintWriter(out), new PrintWriter(err), new StringReader(stdin), false, coloured);
    return new CliContext(terminal, env, folder, InstantSource.fixed(NOW));
  }

  private int run(String... args) {
    return GpucloudCli.execute(GpucloudCli.commandLine(context()), args);
  }
}
