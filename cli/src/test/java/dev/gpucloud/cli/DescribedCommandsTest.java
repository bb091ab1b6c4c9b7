package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What groups that have classes of their own do by a description, and what finance does for all.
 */
class DescribedCommandsTest {
  private static final String TENANT = "/api/v1/tenants/sk-hynix/";
  private static final String ADMIN = "/api/v1/admin/";

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
  void showsTheLimitsOfATenantToItsPeopleAndToThePlatform() {
    String limits = "{\"items\":[{\"model\":\"b200\",\"limitGpus\":4096,\"guaranteedGpus\":64}]}";
    console.answer("GET " + TENANT + "quotas", 200, limits);
    assertThat(console.line("quotas limits"))
        .isEqualTo(
            """
            GPU MODEL  PROJECT  SITE  LIMIT  GUARANTEED  MAY BORROW
            b200       -        -     4,096          64           -
            """);

    console
        .answer("GET /api/v1/tenants/acme/quotas", 404, "{\"code\":\"NOT_FOUND\"}")
        .answer("GET " + ADMIN + "tenants/acme/quotas", 200, limits);
    assertThat(console.line("quotas limits --tenant acme")).contains("4,096");
  }

  @Test
  void setsABudgetOfAProjectOnTheVersionThatItHasSeen() {
    console
        .answer("GET " + TENANT + "projects/fab", 200, "{\"id\":\"prj_1\",\"slug\":\"fab\"}")
        .answer(
            "GET " + TENANT + "budgets",
            200,
            """
            {"items":[{"model":"b200","version":4},
              {"model":"b200","projectId":"prj_1","version":7}]}""")
        .answer("PUT " + TENANT + "projects/prj_1/budgets/b200", 200, "{\"model\":\"b200\"}");

    console.line(
        "quotas budgets set b200 100000 -p fab --warn-at 80 --to 2027-01-01T00:00:00+09:00");

    assertThat(console.last().headers()).containsEntry("if-match", "\"7\"");
    assertThat(console.last().body())
        .isEqualTo("{\"limitGpuHours\":100000,\"to\":\"2026-12-31T15:00:00Z\",\"warnAtPct\":[80]}");
    assertThat(console.code("quotas", "budgets", "set", "b200", "1", "--to", "soon"))
        .isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void aWebhookKeepsWhatIsNotGiven() {
    console
        .answer(
            "GET " + TENANT + "webhooks/whk_1",
            200,
            """
            {"id":"whk_1","url":"https://a","kinds":["a.b"],"description":"d","state":"ACTIVE",
             "version":2}""")
        .answer("PUT " + TENANT + "webhooks/whk_1", 200, "{\"state\":\"PAUSED\"}");

    console.line("webhooks edit whk_1 --pause");
    assertThat(console.last().headers()).containsEntry("if-match", "\"2\"");
    assertThat(console.last().json())
        .isEqualTo(
            Json.parseOrMissing(
                """
                {"url":"https://a","kinds":["a.b"],"description":"d","enabled":false}"""));
    console.line("webhooks edit whk_1 -k all --url https://b");
    assertThat(console.last().json())
        .isEqualTo(
            Json.parseOrMissing(
                """
                {"url":"https://b","kinds":["*"],"description":"d","enabled":true}"""));
  }

  @Test
  void saysThatAWebhookWithoutEventsHearsEveryKind() {
    String webhook =
        "{\"id\":\"whk_1\",\"url\":\"https://a\",\"events\":[%s],\"state\":\"ACTIVE\",\"version\":2}";
    console
        .answer("GET " + TENANT + "webhooks/whk_1", 200, webhook.formatted("\"instance.started\""))
        .answer("PUT " + TENANT + "webhooks/whk_1", 200, webhook.formatted(""));

    console.line("webhooks edit whk_1 -e none");

    assertThat(console.errors())
        .isEqualTo(
            "Without kinds and events it is told every kind of notification: name kinds with"
                + " -k.\n");
    console
        .answer("GET " + TENANT + "webhooks/whk_2", 200, webhook.formatted(""))
        .answer("PUT " + TENANT + "webhooks/whk_2", 200, webhook.formatted(""));
    console.line("webhooks edit whk_2 --no-pause");
    assertThat(console.errors()).isEmpty();
  }

  @Test
  void invitesToAProjectAlone() {
    String path = "/api/v1/projects/sk-hynix.fab/invitations";
    console
        .answer("POST " + path, 201, "{\"token\":\"t-1\"}")
        .answer("DELETE " + path + "/ivt_1", 204, "");

    assertThat(
            console.line("projects invitations create -p fab --email a@example.com --role viewer"))
        .isEqualTo("FIELD  VALUE\ntoken  t-1\n");
    assertThat(console.last().body())
        .isEqualTo("{\"email\":\"a@example.com\",\"roles\":[\"VIEWER\"]}");
    console.line("projects invitations revoke -p fab ivt_1");
    assertThat(console.errors()).isEqualTo("Done.\n");
  }

  @Test
  void thePlatformSeesToMailsAndInvitationsOfAll() {
    console
        .answer("GET " + ADMIN + "notification-dispatches", 200, "{\"items\":[{\"id\":\"n-1\"}]}")
        .answer("POST " + ADMIN + "notification-dispatches/n-1/retry", 200, "{\"id\":\"n-1\"}")
        .answer("DELETE " + ADMIN + "tenants/acme/invitations/ivt_1", 204, "");

    assertThat(console.line("notifications dispatches list --state dead")).contains("n-1");
    assertThat(console.last().uri()).contains("state=DEAD");
    console.line("notifications dispatches retry n-1");
    console.line("tenants invitations revoke acme ivt_1");
    assertThat(console.last().method()).isEqualTo("DELETE");
  }

  @Test
  void choosesTheLanguageOfMails() {
    String path = TENANT + "notification-settings";
    console
        .answer("GET " + path, 200, "{\"language\":\"KO\"}", "ETag", "\"1\"")
        .answer("PUT " + path, 200, "{\"language\":\"EN\"}");

    assertThat(console.line("notifications set-language --language en")).contains("EN");
    assertThat(console.last().body()).isEqualTo("{\"language\":\"EN\"}");
    assertThat(console.last().headers()).containsEntry("if-match", "\"1\"");
  }

  @Test
  void financeCaresForABudgetOfATenantThatItIsNoMemberOf() {
    String own = "/api/v1/tenants/sk-hynix/spend-budgets";
    String finance = "/api/v1/finance/spend-budgets/sbg_1";
    String budget = "{\"id\":\"sbg_1\",\"name\":\"n\",\"version\":5}";
    console
        .answer("GET " + own + "/sbg_1", 404, "{\"code\":\"NOT_FOUND\"}")
        .answer("POST " + own, 403, "{\"code\":\"FORBIDDEN\"}")
        .answer("GET " + finance, 200, budget)
        .answer("DELETE " + finance, 204, "")
        .answer("POST /api/v1/finance/tenants/sk-hynix/spend-budgets", 201, budget);

    console.line("billing budgets delete sbg_1");
    assertThat(console.last().uri()).isEqualTo(finance);
    assertThat(console.last().headers()).containsEntry("if-match", "\"5\"");
    assertThat(console.line("billing budgets create n 1000")).contains("sbg_1");
    assertThat(console.last().uri()).startsWith("/api/v1/finance/tenants/sk-hynix/");
  }
}
