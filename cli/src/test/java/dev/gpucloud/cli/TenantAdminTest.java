package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the platform opens tenants and cares for them, on the command line. */
class TenantAdminTest {
  private static final String TENANTS = "/api/v1/admin/tenants";
  private static final String TENANT =
      """
      {"id":"ten_1","slug":"hanbit","name":"한빛 소재","kind":"SUBSIDIARY","state":"%s",
       "billingMode":"GROUP_SERVICE","businessNumber":"000-00-00048",
       "contacts":{"billing":{"name":"김","email":"bills@hanbit.example"}},
       "suspensionPolicy":{"running":"STOP_AFTER","noticeHours":72}}\
      """;
  private static final String FORBIDDEN = "{\"code\":\"FORBIDDEN\",\"status\":403}";
  private static final String NOT_FOUND = "{\"code\":\"NOT_FOUND\",\"status\":404}";

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
  void opensASubsidiaryWithItsOwnerFromOptions() throws IOException {
    console.answer("POST " + TENANTS, 201, TENANT.formatted("ACTIVE"));

    String printed =
        console.run(
            "tenants",
            "create",
            "hanbit",
            "--name",
            "한빛 소재",
            "--kind",
            "SUBSIDIARY",
            "--parent",
            "hanbit-group",
            "--billing-mode",
            "GROUP_SERVICE",
            "--business-number",
            "000-00-00048",
            "--billing-contact",
            "김 <bills@hanbit.example>",
            "--security-contact",
            "soc@hanbit.example",
            "--csap-zone",
            "MEDIUM",
            "--when-suspended",
            "72",
            "--quota",
            "b200-sxm-180g=16",
            "-p",
            "research",
            "--owner",
            "lee=s-7",
            "--idempotency-key",
            "open-hanbit");

    assertThat(console.last().headers()).containsEntry("idempotency-key", "open-hanbit");
    assertThat(console.last().json())
        .isEqualTo(
            Json.MAPPER.readTree(
                """
                {"name":"한빛 소재","parent":"hanbit-group","billingMode":"GROUP_SERVICE",
                 "businessNumber":"000-00-00048",
                 "contacts":{"billing":{"name":"김","email":"bills@hanbit.example"},
                             "security":{"email":"soc@hanbit.example"}},
                 "residency":{"minCsapZone":"MEDIUM"},
                 "suspensionPolicy":{"running":"STOP_AFTER","noticeHours":72},
                 "slug":"hanbit","kind":"SUBSIDIARY","quota":{"b200-sxm-180g":16},
                 "projects":["research"],
                 "members":[{"subject":"s-7","username":"lee","roles":["OWNER"]}]}"""));
    assertThat(printed)
        .isEqualTo(
            """
            FIELD            VALUE
            slug             hanbit
            name             한빛 소재
            id               ten_1
            kind             SUBSIDIARY
            state            ACTIVE
            billing          GROUP_SERVICE
            business number  000-00-00048
            billing contact  김 <bills@hanbit.example>
            when suspended   instances stop after 72 hours
            """);
    assertThat(console.errors()).isEqualTo("Opened hanbit.\n");
  }

  @Test
  void opensATenantFromAFileWithOptionsBeforeIt() throws IOException {
    Files.writeString(
        folder.resolve("hanbit.yaml"),
        """
        slug: hanbit
        name: Hanbit
        kind: EXTERNAL
        segment: STARTUP
        businessNumber: 000-00-00048
        contacts:
          billing: {name: Kim, email: bills@hanbit.example}
        projects:
        - {slug: training, costCenter: R-100}
        """);
    console.answer("POST " + TENANTS, 201, TENANT.formatted("ACTIVE"));

    console.line(
        "tenants create -f hanbit.yaml --segment ENTERPRISE -p simulation"
            + " --shares-account-with hanbit-robotics");

    assertThat(console.last().json())
        .isEqualTo(
            Json.MAPPER.readTree(
                """
                {"slug":"hanbit","name":"Hanbit","kind":"EXTERNAL","segment":"ENTERPRISE",
                 "businessNumber":"000-00-00048","sharesAccountWith":"hanbit-robotics",
                 "contacts":{"billing":{"name":"Kim","email":"bills@hanbit.example"}},
                 "projects":[{"slug":"training","costCenter":"R-100"},"simulation"]}"""));
    assertThat(console.errors())
        .contains("Nobody owns hanbit yet; tenants invite invites an owner.");
  }

  @Test
  void saysWhatIsWrongWithAFileBeforeItAsks() throws IOException {
    Files.writeString(folder.resolve("list.yaml"), "- a\n");
    Files.writeString(folder.resolve("bad.yaml"), "a: [1\n");

    for (String file : new String[] {"list.yaml", "bad.yaml", "none.yaml"}) {
      assertThat(console.code("tenants", "create", "-f", file)).isEqualTo(ExitCode.USAGE.code());
      assertThat(console.errors()).contains(file).doesNotContain("Exception");
    }
    assertThat(console.server().apiRequests()).isEmpty();
  }

  @Test
  void showsEveryViolationOfATenantWithItsField() {
    console.answer(
        "POST " + TENANTS,
        400,
        """
        {"code":"VALIDATION_FAILED","status":400,"detail":"2 fields are wrong.","errors":[
          {"pointer":"/kind","detail":"is required"},
          {"pointer":"/businessNumber","detail":"the check digit does not match"}]}""");

    assertThat(console.code("tenants", "create", "hanbit")).isEqualTo(ExitCode.USAGE.code());
    assertThat(console.errors())
        .contains("  /kind: is required\n")
        .contains("  /businessNumber: the check digit does not match\n");
  }

  @Test
  void importsADocumentOrSaysWhatItWouldDo() throws IOException {
    Files.writeString(folder.resolve("all.yaml"), "tenants:\n- {slug: a, name: A, kind: GROUP}\n");
    console.answer(
        "POST /api/v1/admin/imports/tenants",
        200,
        """
        {"tenants":{"created":1,"updated":0,"unchanged":2},"validateOnly":true,
         "projects":{"created":3,"updated":1,"unchanged":0},
         "members":{"created":0,"updated":0,"unchanged":0},
         "quotas":{"created":0,"updated":0,"unchanged":1200}}""");

    assertThat(console.line("tenants import all.yaml --validate-only"))
        .isEqualTo(
            """
            WHAT      CREATED  CHANGED  AS THEY WERE
            tenants         1        0             2
            projects        3        1             0
            members         0        0             0
            quotas          0        0         1,200
            """);
    assertThat(console.last().uri()).endsWith("/imports/tenants?validateOnly=true");
    assertThat(console.last().body())
        .isEqualTo("{\"tenants\":[{\"slug\":\"a\",\"name\":\"A\",\"kind\":\"GROUP\"}]}");
    assertThat(console.last().headers()).containsKey("idempotency-key");
  }

  @Test
  void listsTheTenantsOfEverybodyInAState() {
    console.answer("GET " + TENANTS, 200, "{\"items\":[" + TENANT.formatted("SUSPENDED") + "]}");

    assertThat(console.line("tenants list --all --state SUSPENDED"))
        .isEqualTo(
            """
            SLUG    NAME       KIND        SEGMENT  BILLING        BUSINESS NO   STATE
            hanbit  한빛 소재  SUBSIDIARY  -        GROUP_SERVICE  000-00-00048  SUSPENDED
            """);
    assertThat(console.last().uri()).contains("?state=SUSPENDED&");
    assertThat(console.line("tenants list --all -o csv")).startsWith("id,slug,name,kind,state,");
    assertThat(console.code("tenants", "list", "--state", "ACTIVE")).isEqualTo(2);
  }

  @Test
  void showsATenantToStaffWhoAreNoMembers() {
    console
        .answer("GET /api/v1/tenants/hanbit", 404, NOT_FOUND)
        .answer("GET " + TENANTS + "/hanbit", 200, TENANT.formatted("ACTIVE"))
        .answer("GET /api/v1/tenants/hanbit/history", 404, NOT_FOUND)
        .answer("GET " + TENANTS + "/hanbit/history", 200, "{\"items\":[]}");

    assertThat(console.line("tenants show hanbit")).contains("slug             hanbit\n");
    assertThat(console.line("tenants history hanbit"))
        .isEqualTo("AT (SEOUL)  STEP  STATE  BY  REASON\n");
  }

  @Test
  void tellsWhoIsNoStaffWhatItTellsAnyOutsider() {
    console
        .answer("GET /api/v1/tenants/hanbit", 404, NOT_FOUND)
        .answer("GET " + TENANTS + "/hanbit", 403, FORBIDDEN);

    assertThat(console.code("tenants", "show", "hanbit")).isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(console.errors()).contains("NOT_FOUND").doesNotContain("FORBIDDEN");
  }

  @Test
  void changesTheTenantThatItHasSeen() throws IOException {
    console
        .answer("GET " + TENANTS + "/hanbit", 200, TENANT.formatted("ACTIVE"), "ETag", "\"4\"")
        .answer("PATCH " + TENANTS + "/hanbit", 200, TENANT.formatted("ACTIVE"));

    console.line(
        "tenants edit hanbit --name Hanbit --parent none --country none --when-suspended keep"
            + " --technical-contact none");

    assertThat(console.last().headers()).containsEntry("if-match", "\"4\"");
    assertThat(console.last().json())
        .isEqualTo(
            Json.MAPPER.readTree(
                """
                {"name":"Hanbit","parent":null,"contacts":{"technical":null},"residency":null,
                 "suspensionPolicy":{"running":"KEEP"}}"""));
    assertThat(console.code("tenants", "edit", "hanbit")).isEqualTo(ExitCode.USAGE.code());
    assertThat(console.errors()).contains("Say what to change");
    assertThat(console.code("tenants", "edit", "hanbit", "--when-suspended", "soon"))
        .isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void anOwnerChangesWhomToWriteTo() {
    String own = "/api/v1/tenants/hanbit";
    console
        .answer("GET " + own, 200, TENANT.formatted("ACTIVE"), "ETag", "\"5\"")
        .answer("PATCH " + own, 200, TENANT.formatted("ACTIVE"));

    console.line("tenants edit hanbit --billing-contact ap@hanbit.example");

    assertThat(console.last().headers()).containsEntry("if-match", "\"5\"");
    assertThat(console.last().body())
        .isEqualTo("{\"contacts\":{\"billing\":{\"email\":\"ap@hanbit.example\"}}}");
  }

  @Test
  void suspendsResumesAndClosesTheTenantThatItHasSeen() {
    String one = TENANTS + "/hanbit";
    console
        .answer("GET " + one, 200, TENANT.formatted("ACTIVE"), "ETag", "\"4\"")
        .answer("GET /api/v1/tenants/hanbit", 404, NOT_FOUND)
        .answer(
            "POST " + one + "/suspend",
            200,
            "{\"state\":\"SUSPENDED\",\"suspension\":{\"stopAt\":\"2026-11-05T00:00:00Z\"}}")
        .answer("POST " + one + "/resume", 200, "{\"state\":\"ACTIVE\"}")
        .answer("POST " + one + "/close", 200, "{\"state\":\"CLOSING\"}");

    assertThat(console.run("tenants", "suspend", "hanbit", "--reason", "Overdue."))
        .isEqualTo("The tenant is SUSPENDED.\nWhat runs is stopped at 2026-11-05 09:00:00.\n");
    assertThat(console.last().body()).isEqualTo("{\"reason\":\"Overdue.\"}");
    assertThat(console.last().headers()).containsEntry("if-match", "\"4\"");
    assertThat(console.line("tenants resume hanbit")).isEqualTo("The tenant is ACTIVE.\n");
    assertThat(console.line("tenants close hanbit --yes --reason Sold."))
        .isEqualTo("The tenant is CLOSING.\n");
    assertThat(console.last().headers()).containsEntry("if-match", "\"4\"");
    assertThat(console.code("tenants", "suspend", "hanbit")).isEqualTo(2);
  }

  @Test
  void givesACreditOnce() {
    console.answer(
        "POST /api/v1/admin/tenants/hanbit/credits",
        201,
        """
        {"tenantId":"ten_1","name":"startup-credit","amountKrw":30000000,
         "expires":"2027-03-31","state":"ACTIVE"}""");

    assertThat(
            console.run(
                "credits",
                "create",
                "startup-credit",
                "30000000",
                "--tenant",
                "hanbit",
                "--expires",
                "2027-03-31",
                "--reason",
                "First round."))
        .isEqualTo(
            """
            NAME                   KRW  EXPIRES     STATE   WITHDRAWN (SEOUL)
            startup-credit  30,000,000  2027-03-31  ACTIVE  -
            """);
    assertThat(console.last().body())
        .isEqualTo(
            "{\"name\":\"startup-credit\",\"amountKrw\":30000000,\"expires\":\"2027-03-31\","
                + "\"reason\":\"First round.\"}");
    assertThat(console.last().headers()).containsKey("idempotency-key");
  }

  @Test
  void showsFinanceWhatIsLeftOfATenantsCredits() {
    console
        .answer("GET /api/v1/tenants/hanbit/credit-balances", 404, NOT_FOUND)
        .answer(
            "GET /api/v1/finance/credit-balances",
            200,
            """
            {"items":[{"name":"startup-credit","given":"30000000","used":"1038712.96",
              "lapsed":"0","left":"28961287.04","expiresAt":"2027-03-31T15:00:00Z"}]}""");

    assertThat(console.line("credits balances --tenant hanbit"))
        .isEqualTo(
            """
            NAME                 GIVEN          USED  LAPSED           LEFT  EXPIRES
            startup-credit  30,000,000  1,038,712.96       0  28,961,287.04  2027-04-01 00:00:00
            """);
    assertThat(console.last().uri()).contains("tenant=hanbit");
  }

  @Test
  void listsCreditsAndWithdrawsOneByItsName() {
    String credits = TENANTS + "/hanbit/credits";
    String credit =
        "{\"id\":\"crd_1\",\"name\":\"startup-credit\",\"amountKrw\":30000000,"
            + "\"expires\":\"2027-03-31\",\"state\":\"%s\"%s}";
    console
        .answer("GET /api/v1/tenants/hanbit/credits", 404, NOT_FOUND)
        .answer("GET " + credits, 200, "{\"items\":[" + credit.formatted("ACTIVE", "") + "]}")
        .answer(
            "POST " + credits + "/crd_1/withdraw",
            200,
            credit.formatted("WITHDRAWN", ",\"withdrawnAt\":\"2026-11-29T00:00:00Z\""));

    assertThat(console.line("credits list --tenant hanbit"))
        .isEqualTo(
            """
            NAME                   KRW  EXPIRES     STATE   WITHDRAWN (SEOUL)
            startup-credit  30,000,000  2027-03-31  ACTIVE  -
            """);
    assertThat(console.line("credits withdraw startup-credit --tenant hanbit --reason Sold."))
        .contains("WITHDRAWN  2026-11-29 09:00:00");
    assertThat(console.last().body()).isEqualTo("{\"reason\":\"Sold.\"}");
    assertThat(
            console.code("credits", "withdraw", "another", "--tenant", "hanbit", "--reason", "x"))
        .isEqualTo(ExitCode.NOT_FOUND.code());
  }

  @Test
  void invitesTheFirstOwnerByAddress() throws IOException {
    console.answer(
        "POST " + TENANTS + "/hanbit/invitations",
        201,
        """
        {"id":"ivt_1","email":"lee@hanbit.example","roles":["OWNER"],"token":"gci_once",
         "expiresAt":"2026-12-06T00:00:00Z"}\
        """);

    String printed = console.run("tenants", "invite", "hanbit", "lee@hanbit.example");

    assertThat(console.last().json())
        .isEqualTo(
            Json.MAPPER.readTree("{\"email\":\"lee@hanbit.example\",\"roles\":[\"OWNER\"]}"));
    assertThat(console.last().headers()).containsKey("idempotency-key");
    assertThat(printed)
        .contains("Invited lee@hanbit.example as OWNER until 2026-12-06 09:00")
        .contains("gpucloud invitations accept gci_once");
  }

  @Test
  void saysWhatTheIdentityProviderLacks() {
    console.answer(
        "GET /api/v1/admin/directory",
        200,
        """
        {"configured":true,"pending":2,"refused":1,"oldestPendingSince":"2026-11-29T00:00:00Z",
         "oldestPendingAgeSeconds":60,"checks":10012,"checksDue":0,
         "lastContact":"2026-11-29T00:01:00Z","failuresInARow":0,
         "refusals":[{"tenantId":"ten_1","tenant":"hanbit","subject":"s-7","attempts":3,
           "problem":"Keycloak has no user with this id","nextTryAt":"2026-11-29T00:02:00Z"}]}""");

    assertThat(console.line("tenants directory"))
        .isEqualTo(
            """
            FIELD                  VALUE
            changes not there yet  2
            refused of them        1
            oldest since           2026-11-29 09:00:00
            checks to come         10012
            checks due             0
            last contact           2026-11-29 09:01:00
            problem                -

            TENANT  MEMBER  TRIES  NEXT (SEOUL)         REFUSED BECAUSE
            hanbit  s-7         3  2026-11-29 09:02:00  Keycloak has no user with this id
            """);
  }
}
