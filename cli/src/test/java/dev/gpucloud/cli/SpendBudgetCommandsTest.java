package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.cli.FakeServer.Request;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Budgets of won on the command line. */
class SpendBudgetCommandsTest {
  private static final String PATH = "/api/v1/tenants/sk-hynix/spend-budgets";
  private static final String BUDGET =
      """
      {"id":"sbg_1","name":"Fab","project":{"id":"prj_1","slug":"fab-digital-twin"},
       "amount":{"amount":"50000000","currency":"KRW"},
       "thresholds":[{"basis":"ACTUAL","percent":80},{"basis":"FORECAST","percent":100}],
       "stopAtPercent":100,"month":"2026-11","spent":{"amount":"50000012","currency":"KRW"},
       "forecast":{"amount":"61250000","currency":"KRW"},
       "reached":[{"basis":"ACTUAL","percent":80}],"stopped":true,
       "stoppedUntil":"2026-11-30T15:00:00Z","lookedAt":"2026-11-24T03:00:00Z","version":3}\
      """;

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
  void makesABudgetWithItsThresholdsAndItsStop() {
    console.answer("POST " + PATH, 201, BUDGET);

    String shown =
        console.run(
            "billing",
            "budgets",
            "create",
            "Fab",
            "50000000",
            "-p",
            "fab-digital-twin",
            "-t",
            "actual:80",
            "-t",
            "forecast:100",
            "--stop-at",
            "100");

    Request made = console.last();
    assertThat(made.headers().get("idempotency-key")).isNotBlank();
    assertThat(made.body())
        .isEqualTo(
            "{\"name\":\"Fab\",\"project\":\"fab-digital-twin\","
                + "\"amount\":{\"amount\":\"50000000\",\"currency\":\"KRW\"},"
                + "\"thresholds\":[{\"basis\":\"ACTUAL\",\"percent\":80},"
                + "{\"basis\":\"FORECAST\",\"percent\":100}],\"stopAtPercent\":100}");
    assertThat(shown)
        .isEqualTo(
            """
            FIELD          VALUE
            id             sbg_1
            name           Fab
            project        fab-digital-twin
            amount         50,000,000
            month          2026-11
            spent          50,000,012
            forecast       61,250,000
            thresholds     actual:80 forecast:100
            reached        actual:80
            stops at       100 %
            stopped until  2026-12-01 00:00:00
            looked at      2026-11-24 12:00:00
            """);
  }

  @Test
  void changesOnlyWhatIsGivenOnTheVersionThatStands() {
    console
        .answer("GET " + PATH + "/sbg_1", 200, BUDGET)
        .answer("PUT " + PATH + "/sbg_1", 200, BUDGET);

    console.line("billing budgets set sbg_1 --amount 60000000 --stop-at never");

    assertThat(console.last().headers().get("if-match")).isEqualTo("\"3\"");
    assertThat(console.last().body())
        .isEqualTo(
            "{\"name\":\"Fab\",\"amount\":{\"amount\":\"60000000\",\"currency\":\"KRW\"},"
                + "\"thresholds\":[{\"basis\":\"ACTUAL\",\"percent\":80},"
                + "{\"basis\":\"FORECAST\",\"percent\":100}],\"stopAtPercent\":null}");
  }

  @Test
  void listsShowsAndDeletesBudgets() {
    console
        .answer("GET " + PATH, 200, "{\"items\":[" + BUDGET + "]}")
        .answer("GET /api/v1/finance/spend-budgets", 200, "{\"items\":[]}")
        .answer("GET " + PATH + "/sbg_1", 200, BUDGET)
        .answer("DELETE " + PATH + "/sbg_1", 204, "");

    assertThat(console.line("billing budgets list"))
        .isEqualTo(
            """
            ID     NAME  PROJECT           MONTH         SPENT    FORECAST      AMOUNT  STOPS AT  STOPPED
            sbg_1  Fab   fab-digital-twin  2026-11  50,000,012  61,250,000  50,000,000  100 %     yes
            """);
    console.line("billing budgets list --all");
    console.line("billing budgets show sbg_1");
    console.line("billing budgets delete sbg_1");

    assertThat(console.last().headers().get("if-match")).isEqualTo("\"3\"");
    assertThat(console.errors()).contains("Deleted sbg_1.");
  }

  @Test
  void refusesThresholdsThatItCannotRead() {
    for (String wrong : new String[] {"80", "actual:", "actual:many"}) {
      assertThat(console.code("billing", "budgets", "create", "x", "1", "-t", wrong))
          .isEqualTo(ExitCode.USAGE.code());
    }
    assertThat(console.code("billing", "budgets", "create", "x", "1", "--stop-at", "soon"))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(console.code("billing", "budgets")).isEqualTo(ExitCode.USAGE.code());
    assertThat(console.server().apiRequests()).isEmpty();
  }
}
