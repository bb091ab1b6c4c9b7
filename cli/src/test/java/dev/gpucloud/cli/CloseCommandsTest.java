package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The monthly close on the command line. */
class CloseCommandsTest {
  private static final Instant NOW = Instant.parse("2026-11-02T00:00:00Z");
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
  void showsHowFarAMonthIsAndGoesOn() {
    String close =
        """
        {"month":"2026-11","state":"OPEN","accounts":3,"done":1,"percent":33,
         "standings":{"BLOCKED":1,"DRAFT":1,"ISSUED":1},
         "operation":{"id":"op_1","state":"RUNNING","walked":2,"accounts":3}}""";
    server.answer("GET /api/v1/finance/billing-months/2026-11/close", 200, close);
    server.answer("POST /api/v1/finance/billing-months/2026-11/close", 202, close);

    assertThat(run("finance", "close", "show", "2026-11")).as(err.toString()).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            2026-11: OPEN, 33 % done
            op_1: RUNNING, 2 of 3 accounts
            STANDING  ACCOUNTS
            BLOCKED          1
            DRAFT            1
            ISSUED           1
            """);
    assertThat(run("finance", "close", "start", "2026-11")).as(err.toString()).isZero();
    assertThat(server.last().headers()).containsKey("idempotency-key");
  }

  @Test
  void showsWhatBlocksAndProposesToLetItPass() {
    server.answer(
        "GET /api/v1/finance/billing-months/2026-11/accounts/a-1",
        200,
        """
        {"items":[{"code":"NO_PRICE","state":"OK","findings":[]},
                  {"code":"PARKED_EVENTS","state":"BLOCKING","findings":[
                    {"subject":"s@3","state":"BLOCKING","detail":"One waits."}]}]}""");
    server.answer(
        "POST /api/v1/finance/billing-months/2026-11/accounts/a-1/waivers",
        201,
        """
        {"id":"wvr_1","month":"2026-11","state":"PROPOSED","code":"PARKED_EVENTS","subject":"s@3",
         "reason":"lost","proposedBy":"kim"}""");

    assertThat(run("finance", "close", "checklist", "2026-11", "--account", "a-1"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .contains("NO_PRICE       OK")
        .contains("PARKED_EVENTS  BLOCKING  s@3");
    String[] waive = {
      "finance", "close", "waive", "2026-11", "--account", "a-1",
      "--code", "PARKED_EVENTS", "--subject", "s@3", "--reason", "lost"
    };
    assertThat(run(waive)).as(err.toString()).isZero();
    assertThat(server.last().body())
        .isEqualTo("{\"code\":\"PARKED_EVENTS\",\"subject\":\"s@3\",\"reason\":\"lost\"}");
    assertThat(server.last().headers()).containsKey("idempotency-key");
  }

  @Test
  void confirmsTheWaiverThatStandsNow() {
    String waiver = "{\"id\":\"wvr_1\",\"state\":\"CONFIRMED\",\"decidedBy\":\"lee\"}";
    server.answer("GET /api/v1/finance/close-waivers/wvr_1", 200, waiver, "ETag", "\"1\"");
    server.answer("POST /api/v1/finance/close-waivers/wvr_1/confirm", 200, waiver);

    assertThat(run("finance", "close", "confirm", "wvr_1")).as(err.toString()).isZero();
    assertThat(server.last().headers()).containsEntry("if-match", "\"1\"");
    assertThat(out.toString()).contains("CONFIRMED").contains("lee");
  }

  @Test
  void showsSecondsDayByDayAndTheBooks() {
    server.answer(
        "GET /api/v1/finance/accounts/a-1/reconciliation",
        200,
        """
        {"agreed":false,
         "days":[{"day":"2026-11-02","runs":1,"seconds":{"inventory":"3660","running":"3600",
                  "unbilled":{"provisioning":"60","releasing":"0"},"metered":"3600",
                  "billed":"3600","padding":"0","agents":"3540"}}],
         "differences":[{"kind":"AGENT_ENDS_EARLIER","runId":"run_1","instanceId":"ins_1",
                         "seconds":"-3000"}],
         "ledger":{"trialBalance":{"amount":"0","currency":"KRW"},
                   "unbilled":{"amount":"0","currency":"KRW"}}}""");
    server.answer(
        "GET /api/v1/finance/ledger/trial-balance",
        200,
        """
        {"accounts":[{"account":"REVENUE","debit":{"amount":"0"},"credit":{"amount":"57600"},
                      "balance":{"amount":"-57600"}}],
         "debit":{"amount":"57600"},"credit":{"amount":"57600"},"difference":{"amount":"0"}}""");

    assertThat(run("finance", "reconcile", "--account", "a-1", "-m", "2026-11"))
        .as(err.toString())
        .isZero();
    assertThat(server.last().uri()).endsWith("/reconciliation?month=2026-11");
    assertThat(out.toString())
        .contains("2026-11-02     1       3660     3600    60 + 0     3600    3600")
        .contains("AGENT_ENDS_EARLIER  run_1");
    assertThat(run("finance", "trial-balance")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("REVENUE       0  57,600  -57,600");
  }

  private CliContext context() {
    Terminal terminal =
        new Terminal(
            new PrintWriter(out), new PrintWriter(err), new StringReader(""), false, false);
    return new CliContext(terminal, env, folder, InstantSource.fixed(NOW));
  }

  private int run(String... args) {
    return GpucloudCli.execute(GpucloudCli.commandLine(context()), args);
  }
}
