package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The monthly close on the command line. */
class CloseCommandsTest {
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
  void showsHowFarAMonthIsAndGoesOn() {
    String close =
        """
        {"month":"2026-11","state":"OPEN","accounts":3,"done":1,"percent":33,
         "standings":{"BLOCKED":1,"DRAFT":1,"ISSUED":1},
         "operation":{"id":"op_1","state":"RUNNING","walked":2,"accounts":3}}""";
    console.answer("GET /api/v1/finance/billing-months/2026-11/close", 200, close);
    console.answer("POST /api/v1/finance/billing-months/2026-11/close", 202, close);

    assertThat(console.run("finance", "close", "show", "2026-11"))
        .isEqualTo(
            """
            2026-11: OPEN, 33 % done
            op_1: RUNNING, 2 of 3 accounts
            STANDING  ACCOUNTS
            BLOCKED          1
            DRAFT            1
            ISSUED           1
            """);
    console.run("finance", "close", "start", "2026-11");
    assertThat(console.last().headers()).containsKey("idempotency-key");
  }

  @Test
  void showsWhatBlocksAndProposesToLetItPass() {
    console.answer(
        "GET /api/v1/finance/billing-months/2026-11/accounts/a-1",
        200,
        """
        {"items":[{"code":"NO_PRICE","state":"OK","findings":[]},
                  {"code":"PARKED_EVENTS","state":"BLOCKING","findings":[
                    {"subject":"s@3","state":"BLOCKING","detail":"One waits."}]}]}""");
    console.answer(
        "POST /api/v1/finance/billing-months/2026-11/accounts/a-1/waivers",
        201,
        """
        {"id":"wvr_1","month":"2026-11","state":"PROPOSED","code":"PARKED_EVENTS","subject":"s@3",
         "reason":"lost","proposedBy":"kim"}""");

    assertThat(console.run("finance", "close", "checklist", "2026-11", "--account", "a-1"))
        .contains("NO_PRICE       OK")
        .contains("PARKED_EVENTS  BLOCKING  s@3");
    String[] waive = {
      "finance", "close", "waive", "2026-11", "--account", "a-1",
      "--code", "PARKED_EVENTS", "--subject", "s@3", "--reason", "lost"
    };
    console.run(waive);
    assertThat(console.last().body())
        .isEqualTo("{\"code\":\"PARKED_EVENTS\",\"subject\":\"s@3\",\"reason\":\"lost\"}");
    assertThat(console.last().headers()).containsKey("idempotency-key");
  }

  @Test
  void confirmsTheWaiverThatStandsNow() {
    String waiver = "{\"id\":\"wvr_1\",\"state\":\"CONFIRMED\",\"decidedBy\":\"lee\"}";
    console.answer("GET /api/v1/finance/close-waivers/wvr_1", 200, waiver, "ETag", "\"1\"");
    console.answer("POST /api/v1/finance/close-waivers/wvr_1/confirm", 200, waiver);

    assertThat(console.run("finance", "close", "confirm", "wvr_1"))
        .contains("CONFIRMED")
        .contains("lee");
    assertThat(console.last().headers()).containsEntry("if-match", "\"1\"");
  }

  @Test
  void showsSecondsDayByDayAndTheBooks() {
    console.answer(
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
    console.answer(
        "GET /api/v1/finance/ledger/trial-balance",
        200,
        """
        {"accounts":[{"account":"REVENUE","debit":{"amount":"0"},"credit":{"amount":"57600"},
                      "balance":{"amount":"-57600"}}],
         "debit":{"amount":"57600"},"credit":{"amount":"57600"},"difference":{"amount":"0"}}""");

    assertThat(console.run("finance", "reconcile", "--account", "a-1", "-m", "2026-11"))
        .contains("2026-11-02     1      3,660    3,600            60          0    3,600   3,600")
        .contains("AGENT_ENDS_EARLIER  run_1");
    assertThat(console.last().uri()).endsWith("/reconciliation?month=2026-11");
    assertThat(console.run("finance", "trial-balance"))
        .contains("REVENUE       0  57,600  -57,600");
  }
}
