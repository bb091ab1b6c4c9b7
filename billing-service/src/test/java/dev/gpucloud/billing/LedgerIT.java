package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.World;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The books are read line by line, taken away, and always balance. */
@QuarkusTest
class LedgerIT extends AfterTheMonth {
  private static final String LEDGER = "/api/v1/finance/ledger";

  private static String issued() {
    World world = World.external();
    world.ran("a", 8, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.awaitEvents(5);
    String id = world.draft("2026-11").then().statusCode(201).extract().path("id");
    World.issue(id);
    return id;
  }

  @Test
  void linesAreReadInPagesAndTakenAwayAsFiles() {
    String id = issued();
    String day = "from=2027-01-02&to=2027-01-02";
    auditor()
        .get(LEDGER + "/lines?document=" + id)
        .then()
        .statusCode(200)
        .body("items", hasSize(5))
        .body(
            "items.account",
            containsInAnyOrder(
                "UNBILLED_RECEIVABLE",
                "REVENUE",
                "RECEIVABLE",
                "UNBILLED_RECEIVABLE",
                "VAT_PAYABLE"))
        .body("items.amount.amount", hasItem("63360"))
        .body("items.collect { it.amount.amount.toLong() }.sum()", equalTo(0L));
    String token =
        auditor()
            .get(LEDGER + "/lines?pageSize=3&document=" + id)
            .then()
            .body("items", hasSize(3))
            .body("nextPageToken", notNullValue())
            .extract()
            .path("nextPageToken");
    auditor()
        .get(LEDGER + "/lines?pageSize=3&document=" + id + "&pageToken=" + token)
        .then()
        .body("items", hasSize(2));

    List<String> csv = auditor().get(LEDGER + "/lines.csv?" + day).asString().lines().toList();
    assertThat(csv.getFirst())
        .isEqualTo(
            "transactionId,ordinal,document,kind,version,corrects,tenant,account,debitKrw,"
                + "creditKrw,postedBy,postedAt,postedByName");
    assertThat(csv.stream().filter(l -> l.contains(id)).toList())
        .hasSize(5)
        .anyMatch(l -> l.contains(",RECEIVABLE,63360,,fin-1,2027-01-01T15:00:00Z,fin-1"))
        .anyMatch(l -> l.contains(",VAT_PAYABLE,,5760,fin-1,"));
    assertThat(
            auditor()
                .get(LEDGER + "/lines.jsonl?" + day)
                .asString()
                .lines()
                .filter(l -> l.contains(id)))
        .hasSize(5)
        .allMatch(l -> l.startsWith("{\"transactionId\":\"") && l.endsWith("}"));
  }

  @Test
  void theTrialBalanceIsZero() {
    issued();
    auditor()
        .get(LEDGER + "/trial-balance")
        .then()
        .statusCode(200)
        .body("asOf", equalTo("2027-01-02"))
        .body("accounts.account", hasItem("REVENUE"))
        .body("difference.amount", equalTo("0"));
    auditor()
        .get(LEDGER + "/trial-balance?asOf=2020-01-01")
        .then()
        .body("accounts", hasSize(0))
        .body("debit.amount", equalTo("0"));
  }

  @Test
  void whatNamesNoDaysIsRefused() {
    auditor()
        .get(LEDGER + "/lines?from=2026-11-31")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("from"));
    auditor()
        .get(LEDGER + "/lines.csv?from=2026-11-02&to=2026-11-01")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("to"));
    auditor()
        .get(LEDGER + "/trial-balance?asOf=today")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("asOf"));
    auditor()
        .get(LEDGER + "/lines?pageToken=e30")
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_PAGE_TOKEN"));
    as("nobody").get(LEDGER + "/lines").then().statusCode(403);
  }
}
