package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/** How people and programs say who they are, and how they stop being it. */
class LoginTest extends AtACommandLine {
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

    int code = run("api-keys", "create", "-n", "nightly", "-r", "operator", "-r", "VIEWER");

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
             "subject":"s-1","expiresAt":"2027-01-31T00:00:00Z"},
             {"id":"key_2","name":"ci","state":"ACTIVE","roles":["VIEWER"],"subject":"sac_1"},
             {"id":"key_3","name":"old","state":"ACTIVE","roles":["VIEWER"],"subject":"s-9"}]}\
            """)
        .answer(
            "GET /api/v1/tenants/sk-hynix/members",
            200,
            "{\"items\":[{\"subject\":\"s-1\",\"username\":\"kim\"}]}")
        .answer(
            "GET /api/v1/tenants/sk-hynix/service-accounts",
            200,
            "{\"items\":[{\"id\":\"sac_1\",\"name\":\"builder\"}]}")
        .answer("DELETE /api/v1/tenants/sk-hynix/api-keys/key_1", 204, "");

    assertThat(run("api-keys", "list")).isZero();
    assertThat(out.toString()).contains("nightly").contains("ACTIVE").contains("VIEWER");
    assertThat(out.toString().lines().skip(1).map(line -> line.split(" +")[4]))
        .containsExactly("kim", "builder", "s-9");
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
        .contains("type ABCD-EFGH")
        .contains("Whoever has no login yet registers there.");
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
  void whoHasAWrongKeyIsToldOfTheKey() {
    env.put("GPUCLOUD_API_KEY", "gck_old");
    server.answer(
        "GET " + INSTANCES,
        401,
        """
        {"code":"UNAUTHENTICATED","detail":"The API key is not valid.","params":{"reason":"REVOKED"}}""");

    assertThat(run("instances", "list")).isEqualTo(3);

    assertThat(err.toString())
        .isEqualTo(
            """
            error: UNAUTHENTICATED (401): The API key is not valid.
              reason: REVOKED
              what to do: GPUCLOUD_API_KEY has a key that is not valid here: set it to another one, or unset it to use the stored login.
            """);
  }

  @Test
  void aProfileMayStandBeforeTheCommand() {
    TokenStore.of(context())
        .save(
            "work",
            new TokenStore.Login(
                server.url(),
                server.issuer(),
                "bob",
                FakeServer.token("bob"),
                NOW.plusSeconds(900),
                "r-9"));
    server.answer("GET " + INSTANCES, 200, "{\"items\":[]}");

    assertThat(run("--profile", "work", "instances", "list")).as(err.toString()).isZero();

    assertThat(server.last().headers())
        .containsEntry("authorization", "Bearer " + FakeServer.token("bob"));
    assertThat(run("--profile=nobody", "instances", "list", "--profile", "work")).isZero();
    assertThat(run("--profile", "nobody", "instances", "list")).isEqualTo(3);
    assertThat(run("--profile", "instances", "instances", "list")).isEqualTo(3);
    assertThat(err.toString()).contains("instances").doesNotContain("Expected parameter");
  }

  @Test
  void revokesAKeyByTheNameThatOneHas() {
    loggedIn();
    server
        .answer(
            "GET /api/v1/tenants/sk-hynix/api-keys",
            200,
            """
            {"items":[{"id":"key_1","name":"ci","state":"REVOKED"},
              {"id":"key_2","name":"ci","state":"ACTIVE"},
              {"id":"key_3","name":"lab","state":"ACTIVE"},
              {"id":"key_4","name":"lab","state":"ACTIVE"}]}""")
        .answer("DELETE /api/v1/tenants/sk-hynix/api-keys/key_2", 204, "");

    assertThat(run("api-keys", "revoke", "ci")).as(err.toString()).isZero();
    assertThat(err.toString()).isEqualTo("Revoked key_2.\n");

    assertThat(run("api-keys", "revoke", "nix")).isEqualTo(5);
    err.getBuffer().setLength(0);
    assertThat(run("api-keys", "revoke", "lab")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            """
            error: Several keys are called lab.
              what to do: name one by its id: key_3, key_4
            """);
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
  void aLoginThatIsMissingIsToBeMadeUnderItsName() {
    assertThat(run("instances", "list", "--profile", "work")).isEqualTo(3);
    assertThat(err.toString()).endsWith("\n  what to do: gpucloud login --profile work\n");
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
}
