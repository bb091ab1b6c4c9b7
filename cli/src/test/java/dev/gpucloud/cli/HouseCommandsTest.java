package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.cli.FakeServer.Request;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How owners run their tenant: its projects, people, machines and what it asks for. */
class HouseCommandsTest {
  private static final String TENANT = "/api/v1/tenants/sk-hynix";
  private static final String PROJECT =
      """
      {"id":"prj_1","slug":"fab","name":"디지털 트윈","state":"%s","costCenter":"HX-1",
       "labels":{"team":"litho","line":"m16"}}\
      """;
  private static final String MEMBERS =
      """
      {"items":[
        {"subject":"s-1","username":"kim","roles":["OWNER"],"projectRoles":{},"version":4},
        {"subject":"s-2","username":"lee","roles":["VIEWER"],"projectRoles":{},"version":7},
        {"subject":"s-3","username":"lee","roles":["VIEWER"],"projectRoles":{},"version":1}]}""";

  @TempDir Path folder;
  private Console console;

  @BeforeEach
  void sitDown() {
    console = new Console(folder);
  }

  @AfterEach
  void leave() {
    console.close();
  }

  @Test
  void opensAProject() {
    console.answer("POST " + TENANT + "/projects", 201, PROJECT.formatted("ACTIVE"));

    String printed =
        console.run(
            "projects",
            "create",
            "fab",
            "-n",
            "디지털 트윈",
            "--cost-center",
            "HX-1",
            "-l",
            "team=litho",
            "--idempotency-key",
            "k-1");

    assertThat(console.last().body())
        .isEqualTo(
            "{\"slug\":\"fab\",\"name\":\"디지털 트윈\",\"costCenter\":\"HX-1\","
                + "\"labels\":{\"team\":\"litho\"}}");
    assertThat(console.last().headers()).containsEntry("idempotency-key", "k-1");
    assertThat(printed)
        .isEqualTo(
            """
            SLUG  NAME         STATE   COST CENTRE  LABELS               ID
            fab   디지털 트윈  ACTIVE  HX-1         team=litho line=m16  prj_1
            """);
  }

  @Test
  void changesArchivesAndRestoresTheProjectThatItHasSeen() {
    String path = TENANT + "/projects/fab";
    console
        .answer("GET " + path, 200, PROJECT.formatted("ACTIVE"), "ETag", "\"2\"")
        .answer("PATCH " + path, 200, PROJECT.formatted("ARCHIVED"))
        .answer(
            "GET " + TENANT + "/projects",
            200,
            "{\"items\":[" + PROJECT.formatted("ACTIVE") + "]}");

    console.line("projects edit fab -n Fab --cost-center none --no-labels");
    assertThat(console.last().headers()).containsEntry("if-match", "\"2\"");
    assertThat(console.last().body())
        .isEqualTo("{\"name\":\"Fab\",\"costCenter\":null,\"labels\":{}}");
    assertThat(console.line("projects archive fab")).contains("ARCHIVED");
    assertThat(console.last().body()).isEqualTo("{\"state\":\"ARCHIVED\"}");
    console.line("projects restore fab");
    assertThat(console.last().body()).isEqualTo("{\"state\":\"ACTIVE\"}");
    assertThat(console.line("projects list")).contains("fab   디지털 트윈  ACTIVE");
    assertThat(console.line("projects show fab -o csv"))
        .startsWith("id,slug,name,state,costCenter,labels.team,labels.line\nprj_1,fab,");
    assertThat(console.code("projects", "edit", "fab")).isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void givesTheMemberThatItHasSeenTheseRolesAndNoOthers() {
    console
        .answer("GET " + TENANT + "/members", 200, MEMBERS)
        .answer("GET " + TENANT + "/projects/fab", 200, PROJECT.formatted("ACTIVE"))
        .answer(
            "GET " + TENANT + "/projects", 200, "{\"items\":[" + PROJECT.formatted("ACTIVE") + "]}")
        .answer(
            "PUT " + TENANT + "/members/s-1",
            200,
            """
            {"subject":"s-1","username":"kim","roles":["BILLING_VIEWER"],
             "projectRoles":{"prj_1":["OWNER","OPERATOR"]}}""");

    assertThat(
            console.line(
                "members set kim -r billing-viewer --project-role fab=OWNER"
                    + " --project-role prj_1=OPERATOR"))
        .isEqualTo(
            """
            USER  ROLES                                          SUBJECT
            kim   BILLING_VIEWER, OWNER of fab, OPERATOR of fab  s-1
            """);
    Request set = console.server().apiRequests().get(2);
    assertThat(set.headers()).containsEntry("if-match", "\"4\"");
    assertThat(set.body())
        .isEqualTo(
            "{\"roles\":[\"BILLING_VIEWER\"],\"projectRoles\":{\"prj_1\":[\"OWNER\",\"OPERATOR\"]},"
                + "\"username\":\"kim\"}");
  }

  @Test
  void removesAMemberByNameOrSubject() {
    console
        .answer("GET " + TENANT + "/members", 200, MEMBERS)
        .answer("DELETE " + TENANT + "/members/s-1", 204, "")
        .answer("DELETE " + TENANT + "/members/s-3", 204, "");

    console.line("members remove kim");
    assertThat(console.last().headers()).containsEntry("if-match", "\"4\"");
    assertThat(console.errors()).isEqualTo("Removed kim.\n");
    console.line("members remove s-3");
    assertThat(console.last().headers()).containsEntry("if-match", "\"1\"");
    assertThat(console.code("members", "remove", "lee")).isEqualTo(ExitCode.USAGE.code());
    assertThat(console.errors()).contains("Several members are called lee; give the subject.");
    assertThat(console.code("members", "set", "park", "-r", "OWNER"))
        .isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(console.errors()).contains("gpucloud invitations create");
    assertThat(console.code("members", "set", "kim")).isEqualTo(ExitCode.USAGE.code());
    assertThat(console.code("members", "set", "kim", "--project-role", "fab"))
        .isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void invitesToAProjectByItsSlug() {
    console
        .answer("GET " + TENANT + "/projects/fab", 200, PROJECT.formatted("ACTIVE"))
        .answer("POST " + TENANT + "/invitations", 201, "{\"email\":\"a@example.com\"}");

    console.line("invitations create a@example.com -r VIEWER -p fab");

    assertThat(console.last().body())
        .isEqualTo("{\"email\":\"a@example.com\",\"projectRoles\":{\"prj_1\":[\"VIEWER\"]}}");
  }

  @Test
  void givesAServiceAccountOtherRoles() {
    String path = TENANT + "/service-accounts/sac_1";
    console
        .answer(
            "GET " + path,
            200,
            "{\"id\":\"sac_1\",\"name\":\"ci\",\"description\":\"야간\",\"version\":3}")
        .answer(
            "PUT " + path,
            200,
            "{\"id\":\"sac_1\",\"name\":\"ci\",\"roles\":[\"VIEWER\"],\"description\":\"야간\"}");

    assertThat(console.line("service-accounts set sac_1 -r VIEWER"))
        .isEqualTo(
            """
            ID     NAME  ROLES   DESCRIPTION
            sac_1  ci    VIEWER  야간
            """);
    assertThat(console.last().headers()).containsEntry("if-match", "\"3\"");
    assertThat(console.last().body())
        .isEqualTo("{\"roles\":[\"VIEWER\"],\"name\":\"ci\",\"description\":\"야간\"}");
  }

  @Test
  void limitsAKeyToAProjectByItsSlug() {
    console
        .answer("GET " + TENANT + "/projects/fab", 200, PROJECT.formatted("ACTIVE"))
        .answer("POST " + TENANT + "/api-keys", 201, "{\"id\":\"key_1\",\"key\":\"gck_new\"}");

    console.line("api-keys create -n ci -r VIEWER -p fab --action *.read");

    assertThat(console.last().body())
        .isEqualTo(
            "{\"name\":\"ci\",\"roles\":[\"VIEWER\"],\"projects\":[\"prj_1\"],"
                + "\"actions\":[\"*.read\"]}");
  }

  @Test
  void takesAQuotaRequestBackAndDecidesOnThoseBelow() {
    String own = TENANT + "/quota-requests/qrq_1";
    String below = TENANT + "/child-quota-requests";
    String request = "{\"id\":\"qrq_1\",\"wantedGpus\":96,\"version\":2,\"state\":\"%s\"}";
    console
        .answer("GET " + own, 200, request.formatted("OPEN"))
        .answer("POST " + own + "/withdraw", 200, request.formatted("WITHDRAWN"))
        .answer("GET " + below, 200, "{\"items\":[" + request.formatted("OPEN") + "]}")
        .answer("POST " + below + "/qrq_1/decide", 200, request.formatted("GRANTED"));

    assertThat(console.line("quotas withdraw qrq_1")).isEqualTo("The request is WITHDRAWN.\n");
    assertThat(console.last().headers()).containsEntry("if-match", "\"2\"");
    assertThat(console.line("quotas requests --below --state OPEN")).contains("qrq_1");
    assertThat(console.line("quotas approve qrq_1 --below --gpus 8 --note later"))
        .isEqualTo("The request is GRANTED.\n");
    assertThat(console.last().body()).isEqualTo("{\"grantedGpus\":8,\"note\":\"later\"}");
    assertThat(console.last().headers()).containsEntry("if-match", "\"2\"");
  }
}
