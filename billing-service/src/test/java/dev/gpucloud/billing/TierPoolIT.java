package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.finance;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.Offline;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.verifier.InvoiceOracle;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Companies of a group reach the bands of a tier together, and what comes late of one of them
 * changes the share of the other, whatever became of the group since.
 */
@QuarkusTest
class TierPoolIT extends AfterTheMonth {
  private static final String POOLS = "/api/v1/finance/tier-pools/";
  private static final String NEXT = "2026-12";
  private static final String TIERS =
      """
      {"sku":"b200-sxm-180g.on-demand.kr-ulsan","tiers":{"mode":"GRADUATED","bands":[
       {"upToHours":"1000","priceKrw":"4500"},{"upToHours":"5000","priceKrw":"4200"},
       {"priceKrw":"3900"}]}}""";

  private World first;
  private World second;
  private String pool;

  @BeforeEach
  void twoCompaniesCountTogether() {
    first = World.external();
    second = World.external();
    pool = "pool-" + first.tenant.toString().substring(0, 8);
    for (World company : List.of(first, second)) {
      company.agreed("tiers-1", "CONTRACT_PRICE", "\"from\":\"2026-11-01\"", TIERS);
    }
    set("\"0\"", MONTH, first, second)
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"1\""))
        .body("accounts", hasItems(first.account(), second.account()));
  }

  private Response set(String version, String fromMonth, World... members) {
    List<String> accounts = Arrays.stream(members).map(World::account).toList();
    return finance()
        .header("If-Match", version)
        .body(Map.of("accounts", accounts, "fromMonth", fromMonth))
        .put(POOLS + pool);
  }

  private static void supply(String invoice, String won) {
    auditor()
        .get("/api/v1/finance/invoices/" + invoice)
        .then()
        .statusCode(200)
        .body("supplyValue.amount", equalTo(won));
  }

  @Test
  void theGroupsHoursReachTheBandsAndEachCompanyRoundsItsOwnLine() throws Exception {
    // 3,200 and 2,000 GPU-hours: 22,080,000 won in all, by quantity
    first.ran("a", 8, "2026-11-01T00:00:00", "2026-11-17T16:00:00");
    second.ran("b", 8, "2026-11-01T00:00:00", "2026-11-11T10:00:00");
    first.awaitEvents(5);
    second.awaitEvents(5);

    String one = first.issued(MONTH);
    String other = second.issued(MONTH);

    supply(one, "13587692");
    supply(other, "8492308");
    for (Map.Entry<World, String> each : Map.of(first, one, second, other).entrySet()) {
      String events = Offline.events(MONTH, each.getKey());
      Offline.assertTheSame(each.getValue(), Offline.rate(each.getKey().account(), MONTH, events));
      assertAnOutsiderRecomputes(events, each.getKey(), each.getValue());
    }
  }

  /** From the export of one of them; without the other's hours the bands are others. */
  private static void assertAnOutsiderRecomputes(String events, World of, String id) {
    String invoice = auditor().get("/api/v1/finance/invoices/" + id).asString();
    var oracle = new InvoiceOracle();
    String prices = Offline.prices();
    assertThat(oracle.verify(events, prices, invoice).differences()).isEmpty();
    String alone =
        events
            .lines()
            .filter(line -> line.contains(of.tenant.toString()))
            .collect(Collectors.joining("\n"));
    assertThat(oracle.verify(alone, prices, invoice).differences())
        .anyMatch(found -> found.contains("amount"));
  }

  /** Both alive to the end of the month, 3,200 and 2,000 GPU-hours, and issued. */
  private final class IssuedMonth {
    final World.Run ofFirst = first.runs("a", 8, "2026-11-14T08:00:00", "2026-12-31T23:59:59.999");
    final World.Run ofSecond =
        second.runs("b", 8, "2026-11-20T14:00:00", "2026-12-31T23:59:59.999");

    IssuedMonth() {
      supply(first.issued(MONTH), "13587692");
      supply(second.issued(MONTH), "8492308");
    }

    /** The second company's run had ended at half of it: 4,200 GPU-hours, 17,940,000 won. */
    void secondStopsLate() {
      second.stopped(ofSecond, "2026-11-25T19:00:00");
      first.stopped(ofFirst, "2026-12-01T00:00:00");
    }
  }

  private static void corrected(World company, String won) {
    company
        .draft(NEXT)
        .then()
        .statusCode(201)
        .body("lines.category", contains("CORRECTION"))
        .body("lines[0].originalMonth", equalTo(MONTH))
        .body("supplyValue.amount", equalTo(won));
  }

  @Test
  void whatComesLateOfOneCompanyCorrectsTheOtherToo() {
    var month = new IssuedMonth();

    month.secondStopsLate();

    corrected(first, "80879");
    corrected(second, "-4220879");
  }

  @Test
  void aPoolThatWasDissolvedStillDecidesItsClosedMonths() {
    var month = new IssuedMonth();
    set("\"1\"", NEXT).then().statusCode(200).body("accounts", hasSize(0));

    month.secondStopsLate();

    corrected(first, "80879");
    corrected(second, "-4220879");
  }

  @Test
  void aTenantThatMovesTakesNoClosedMonthAlong() {
    var month = new IssuedMonth();
    String left = second.account();
    String number =
        auditor()
            .get("/api/v1/finance/invoices?tenant=" + second.slug)
            .then()
            .extract()
            .path("items[0].number");
    World other = World.external();
    second.paidBy(other);

    // the first company's run had ended at half of it: 3,600 GPU-hours, 15,420,000 won
    first.stopped(month.ofFirst, "2026-11-22T16:00:00");
    second.stopped(month.ofSecond, "2026-12-01T00:00:00");

    corrected(first, "-6734359");
    other.draft(MONTH).then().statusCode(201).body("lines", hasSize(0));
    String mine = "items.find { it.invoiceNumber == '" + number + "' }";
    auditor()
        .get("/api/v1/finance/late-usage?pageSize=1000")
        .then()
        .statusCode(200)
        .body(mine + ".account", equalTo(left))
        .body(mine + ".change.amount", equalTo("74359"));
    auditor()
        .get("/api/v1/finance/accounts?pageSize=1000")
        .then()
        .body("items.find { it.id == '" + left + "' }.tenants", hasSize(0));
  }

  @Test
  void anAccountIsInOnePoolAndInvoicedMonthsStay() {
    first.ran("a", 8, "2026-11-01T00:00:00", "2026-11-01T01:00:00");
    first.awaitEvents(5);
    first.draft(MONTH).then().statusCode(201);
    set("\"7\"", NEXT, first, second).then().statusCode(412);
    finance().body("{}").put(POOLS + pool).then().statusCode(428);
    set("\"1\"", MONTH, first)
        .then()
        .statusCode(400)
        .body("code", equalTo("VALIDATION_FAILED"))
        .body("errors.pointer", contains("/fromMonth"));
    String taken = "{\"accounts\":[\"%s\",\"%s\",\"x\"],\"fromMonth\":\"2026-13\"}";
    finance()
        .header("If-Match", "\"0\"")
        .body(taken.formatted(first.account(), UUID.randomUUID()))
        .put(POOLS + pool + "-b")
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItems("/accounts/0", "/accounts", "/accounts/2", "/fromMonth"))
        .body("errors.detail", hasItem(containsString("is in the pool " + pool)));
    auditor()
        .get(POOLS)
        .then()
        .statusCode(200)
        .body("find { it.name == '" + pool + "' }.version", equalTo(1));
  }

  @Test
  void strangersAndWrongRolesAreTurnedAway() {
    given().get(POOLS).then().statusCode(401);
    as(first.owner).get(POOLS).then().statusCode(403);
    auditor().header("If-Match", "\"1\"").body("{}").put(POOLS + pool).then().statusCode(403);
  }
}
