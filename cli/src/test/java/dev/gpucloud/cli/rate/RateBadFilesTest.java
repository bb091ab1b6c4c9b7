package dev.gpucloud.cli.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.time.BillingMonth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong file is refused with all that is wrong in it, and where. */
class RateBadFilesTest {
  private static final String PRICES =
      """
      prices:
        - {sku: h100-sxm-80g.on-demand.kr-seoul, version: v1, listPriceKrw: 4500, effectiveFrom: 2026-01-01}
      accounts: [{accountId: acme, tenants: [{slug: acme}]}]
      """;
  private static final String START =
      """
      {"id":"e1","type":"instance.started","subject":"i","time":"2026-09-10T01:00:00Z","sequence":1,\
      "data":{"runId":"r","tenantSlug":"acme","projectSlug":"p","gpuModel":"h100-sxm-80g","gpus":8,"region":"kr-seoul"}}
      """;

  @TempDir Path folder;

  private List<String> violations(String prices, String events) {
    return catchThrowableOfType(BadFileException.class, () -> rate(prices, events)).violations();
  }

  private void rate(String prices, String events) throws IOException {
    Path book = Files.writeString(folder.resolve("prices.yaml"), prices);
    Path log = Files.writeString(folder.resolve("events.jsonl"), events);
    RateRun.rate(book, log, "acme", BillingMonth.parse("2026-09"), null);
  }

  @Test
  void namesEveryViolationOfAPriceBook() {
    assertThat(
            violations(
                """
                currency: USD
                prices:
                  - {sku: a.on-demand.r, version: v1, listPriceKrw: -1, effectiveFrom: soon}
                  - {sku: b.on-demand.r, version: v1, tiers: {bands: [{upToHours: 10, priceKrw: 1}]}, effectiveFrom: 2026-01-01}
                  - {sku: c.on-demand.r, version: v1, listPriceKrw: 1, effectiveFrom: 2026-01-01, colour: red}
                  - {sku: c.on-demand.r, version: v2, listPriceKrw: 2, effectiveFrom: 2026-01-01}
                accounts:
                  - accountId: acme
                    mode: GIFT
                    tenants: [{kind: EXTERNAL}]
                    contracts: [{id: c, item: a, sku: b, priceKrw: 1}]
                    monthlyFees: [{id: f, amountKrwPerMonth: 1.5, from: 2026-09-30, until: 2026-09-01}]
                """,
                ""))
        .anySatisfy(v -> assertThat(v).startsWith("/currency: must be KRW"))
        .anySatisfy(v -> assertThat(v).startsWith("/prices/0/listPriceKrw: must not be negative"))
        .anySatisfy(v -> assertThat(v).startsWith("/prices/0/effectiveFrom: must be a date"))
        .anySatisfy(v -> assertThat(v).startsWith("/prices/1/tiers/bands: the last band"))
        .anySatisfy(v -> assertThat(v).startsWith("/prices/2/colour: is no field here"))
        .anySatisfy(v -> assertThat(v).startsWith("/prices/3").contains("there is another"))
        .anySatisfy(v -> assertThat(v).startsWith("/accounts/0/mode: must be one of EXTERNAL"))
        .anySatisfy(v -> assertThat(v).startsWith("/accounts/0/tenants/0/slug"))
        .anySatisfy(v -> assertThat(v).startsWith("/accounts/0/contracts/0/sku"))
        .anySatisfy(v -> assertThat(v).startsWith("/accounts/0/monthlyFees/0/amountKrwPerMonth"))
        .anySatisfy(v -> assertThat(v).startsWith("/accounts/0/monthlyFees/0/until"));
  }

  @Test
  void namesEveryViolationOfTheEvents() {
    assertThat(
            violations(
                PRICES,
                """
                not json
                {"id":"e1","type":"instance.started","time":"yesterday","sequence":"x","data":{}}
                {"id":"e2","type":"instance.started","subject":"i","time":"2026-09-10T01:00:00Z","sequence":0,"data":{"runId":"r"}}
                {"type":"instance.stopped","subject":"i","time":"2026-09-10T01:00:00Z","sequence":2,"data":[]}
                """))
        .anySatisfy(v -> assertThat(v).startsWith("line 1: is not JSON"))
        .anySatisfy(v -> assertThat(v).startsWith("line 2 /subject: must be given"))
        .anySatisfy(v -> assertThat(v).startsWith("line 2 /time: must be a date"))
        .anySatisfy(v -> assertThat(v).startsWith("line 3 /sequence: must be 1 or more"))
        .anySatisfy(v -> assertThat(v).startsWith("line 4 /id: must be given"))
        .anySatisfy(v -> assertThat(v).startsWith("line 4 /data: must be an object"));
    assertThat(
            violations(
                PRICES,
                START
                    .replace("\"gpus\":8,", "")
                    .replace("\"region\":\"kr-seoul\"", "\"site\":\"s\"")))
        .anySatisfy(v -> assertThat(v).startsWith("line 1 /data/gpus: must be 1 or more"))
        .anySatisfy(v -> assertThat(v).startsWith("line 1 /data/region: must be given"));
  }

  @Test
  void namesWhatALineLeavesOpenBesideAnotherLineThatIsWrong() {
    String other =
        START.replace("\"e1\"", "\"e2\"").replace("\"r\"", "\"s\"").replace("\"i\"", "\"j\"");
    assertThat(
            violations(
                PRICES,
                START.replace("\"gpus\":8", "\"gpus\":0")
                    + other.replace("\"sequence\":1", "\"sequence\":0")))
        .containsExactlyInAnyOrder(
            "line 1 /data/gpus: must be 1 or more", "line 2 /sequence: must be 1 or more");
  }

  /** Of a line that is wrong itself too, and in the order of the lines. */
  @Test
  void namesAllThatIsWrongWithEachLine() {
    String moved = START.replace("started", "moved").replace("\"tenantSlug\"", "\"t\"");
    assertThat(
            violations(
                PRICES,
                START.replace("\"gpus\":8", "\"gpus\":0")
                    + START
                        .replace("\"sequence\":1", "\"sequence\":0")
                        .replace("\"gpus\":8", "\"gpus\":0")
                        .replace("\"projectSlug\"", "\"p\"")
                        .replace("\"r\"", "\"s\"")
                    + moved
                        .replace("\"sequence\":1", "\"sequence\":\"x\"")
                        .replace("\"projectSlug\"", "\"p\"")))
        .containsExactly(
            "line 1 /data/gpus: must be 1 or more",
            "line 2 /sequence: must be 1 or more",
            "line 2 /data/projectSlug: must be given, or projectId",
            "line 2 /data/gpus: must be 1 or more",
            "line 3 /sequence: must be a whole number",
            "line 3 /data/projectSlug: must be given, or projectId: where it moved to");
  }

  @Test
  void namesWhatIsWrongWithBothFilesAtOnce() {
    assertThat(
            violations(PRICES.replace("4500", "cheap"), START.replace("\"gpus\":8", "\"gpus\":0")))
        .containsExactly(
            "/prices/0/listPriceKrw: must be a number such as 4500, 1.25 or 1/3",
            "events.jsonl is not what it must be:",
            "line 1 /data/gpus: must be 1 or more");
  }

  @Test
  void namesTheAccountsThereAre() {
    assertThat(
            violations(
                PRICES
                    .replace("accountId: acme", "accountId: other")
                    .replace("slug: acme", "slug: o"),
                START))
        .containsExactly("other");
  }

  @Test
  void saysThatTheFileIsNotUtf8() throws IOException {
    Path book = Files.writeString(folder.resolve("p.yaml"), PRICES);
    Path log =
        Files.write(
            folder.resolve("e.jsonl"),
            START.replace("\"i\"", "\"\u00e9\"").getBytes(StandardCharsets.ISO_8859_1));
    BadFileException refused =
        catchThrowableOfType(
            BadFileException.class,
            () -> RateRun.rate(book, log, "acme", BillingMonth.parse("2026-09"), null));
    assertThat(refused.violations()).anySatisfy(v -> assertThat(v).contains("UTF-8"));
  }

  @Test
  void refusesYamlThatIsNone() {
    assertThat(violations("prices: [", START))
        .anySatisfy(v -> assertThat(v).startsWith("cannot be read as YAML or JSON"));
    assertThat(violations("just text", START)).isNotEmpty();
  }

  @Test
  void refusesWhatAPriceBookSaysTwiceOrOfNothing() {
    assertThat(
            violations(
                """
                prices:
                  - {sku: h100-sxm-80g.on-demand.kr-seoul, version: v1, listPriceKrw: 4500, effectiveFrom: 2026-01-01}
                  - {sku: h100-sxm-80g.on-demand.kr-seoul, version: v1, listPriceKrw: 4600, effectiveFrom: 2026-02-01}
                  - {sku: h100, version: v1, listPriceKrw: 1e999, effectiveFrom: 2026-01-01}
                tierPools: [{id: p, accounts: [acme, nobody]}, {id: q, accounts: [acme]}]
                accounts:
                  - accountId: acme
                    tenants: [{slug: acme}]
                    contracts: [{id: c, item: b200, priceKrw: 1}]
                    usageCommitments: [{id: u, sku: a.b.c, units: 1, priceKrw: 1}]
                    spendCommitments: [{id: m, amountKrwPerMonth: 1, until: 2026-09-15}, {id: m, amountKrwPerMonth: 2, from: 2026-09-15}, {id: n, amountKrwPerMonth: 2}]
                    credits: [{id: k, amountKrw: 1}, {id: k, amountKrw: 2, tenant: other}]
                    slaCredits: [{id: s, month: 2026-08, pct: 10, sku: a.b.c, grantedOn: 2026-07-31}]
                    businessNumber: 123-45-67890
                    closedMonths: [{month: 2026-08, closedAt: 2026-09-02}, {month: 2026-08, closedAt: 2026-09-03}]
                    takeBacks: [{month: 2026-07, reason: DOUBLE_ISSUE, on: 2026-07-30}]
                  - accountId: other
                    businessNumber: "1234567890"
                    tenants: [{slug: acme}]
                """,
                START))
        .containsExactlyInAnyOrder(
            "/prices/1/version: there is another version v1 of h100-sxm-80g.on-demand.kr-seoul:"
                + " /prices/0",
            "/prices/2/sku: must be item.class.region, such as h100-sxm-80g.on-demand.kr-seoul",
            "/prices/2/listPriceKrw: must be a number of at most 400 digits",
            "/tierPools/0/accounts: names nobody, which is no accountId of this file",
            "/tierPools/1/accounts: there is another tier pool of account acme: /tierPools/0",
            "/accounts/0/contracts/0/item: no price is for item b200; one for an item needs the"
                + " SKU's list price",
            "/accounts/0/usageCommitments/0/sku: no price is for SKU a.b.c",
            "/accounts/0/spendCommitments/1/from: lies within another term of spend commitment m;"
                + " terms of one id follow each other",
            "/accounts/0/credits/1/id: there is another credit k: /accounts/0/credits/0",
            "/accounts/0/credits/1/tenant: is no tenant of the account",
            "/accounts/0/slaCredits/0/sku: no price is for SKU a.b.c",
            "/accounts/0/slaCredits/0/grantedOn: must not lie before 2026-08-01",
            "/accounts/0/closedMonths/1/month: there is another closed month 2026-08:"
                + " /accounts/0/closedMonths/0",
            "/accounts/0/takeBacks/0/on: must not lie before 2026-07-31",
            "/accounts/1/businessNumber: is that of account acme",
            "/accounts/1/tenants/0/slug: there is another tenant acme: /accounts/0/tenants/0");
  }

  @Test
  void refusesASecondEntryOfAMonthThatTookOfACredit() {
    assertThat(
            violations(
                with(
                    """
                    credits: [{id: k, amountKrw: 10, burns: [
                      {month: 2026-08, amount: 1}, {month: 2026-07, amount: 1}, {month: 2026-08, amount: 1}]}],
                    prepaid: [{id: p, balanceKrw: 10, payments: [
                      {month: 2026-08, amountKrw: 1}, {month: 2026-08, amountKrw: 1}]}]"""),
                START))
        .containsExactly(
            "/accounts/0/credits/0/burns/2/month: 2026-08 has an entry already:"
                + " /accounts/0/credits/0/burns/0; give one entry with the sum",
            "/accounts/0/prepaid/0/payments/1/month: 2026-08 has an entry already:"
                + " /accounts/0/prepaid/0/payments/0; give one entry with the sum");
  }

  /** Also of another account, and where an id of the product is written in another way. */
  @Test
  void refusesTwoCreditsOfOneId() {
    String id = "01a22f8f-9376-79c6-bc75-ec82e721e27a";
    assertThat(
            violations(
                with(
                    """
                        credits: [{id: welcome, amountKrw: 10}, {id: %s, amountKrw: 1}, {id: %s, amountKrw: 1}]},
                        {accountId: other, credits: [{id: welcome, amountKrw: 20}]"""
                        .formatted(id, id.toUpperCase(Locale.ROOT))),
                START))
        .containsExactly(
            "/accounts/0/credits/2/id: there is another credit %s: /accounts/0/credits/1"
                .formatted(id.toUpperCase(Locale.ROOT)),
            "/accounts/1/credits/0/id: there is another credit welcome: /accounts/0/credits/0");
  }

  @Test
  void namesTheFieldOfWhatIsAgreedForASkuWithoutAPrice() {
    assertThat(
            violations(
                with(
                    """
                    zeroRatingEvidence: {from: 2026-09-30, until: 2026-09-01},
                    taxTypes: [{sku: h100-sxm-80g.on-demand.kr-seoul, taxType: EXEMPT}, {sku: a.b.c, taxType: EXEMPT},
                      {sku: h100-sxm-80g.on-demand.kr-seoul, taxType: TAXED}],
                    taxations: [{id: t, sku: a.b.c, taxType: EXEMPT}]"""),
                START))
        .containsExactlyInAnyOrder(
            "/accounts/0/zeroRatingEvidence/until: must lie after from",
            "/accounts/0/taxTypes/1/sku: no price is for SKU a.b.c",
            "/accounts/0/taxTypes/2/sku: there is another tax type of"
                + " h100-sxm-80g.on-demand.kr-seoul: /accounts/0/taxTypes/0",
            "/accounts/0/taxations/0/sku: no price is for SKU a.b.c");
  }

  @Test
  void refusesACreditOfMoreThanWasBilled() {
    assertThat(
            violations(
                with(
                    "slaCredits: [{id: x, month: 2026-08, amountKrw: 100, grantedOn: 2026-09-03}]"),
                START))
        .containsExactly(
            "/accounts/0/slaCredits/0: with x the credits of 2026-08 come to 100 won, but 0 won"
                + " were billed; credit at most that, and give the events of 2026-08 too");
  }

  @Test
  void refusesTaxTypesOfOneTime() {
    assertThat(
            violations(
                with(
                    """
                    taxations: [
                      {id: a, taxType: EXEMPT},
                      {id: b, taxType: TAXED, from: 2026-09-30},
                      {id: c, sku: h100-sxm-80g.on-demand.kr-seoul, taxType: TAXED, from: 2026-09-30},
                      {id: d, sku: h100-sxm-80g.on-demand.kr-seoul, taxType: EXEMPT, until: 2026-09-30},
                      {id: e, sku: h100-sxm-80g.on-demand.kr-seoul, taxType: EXEMPT, until: 2026-08-31}]"""),
                START))
        .containsExactlyInAnyOrder(
            "/accounts/0/taxations/1/from: lies within the term of a: end that one (until) before"
                + " another type begins",
            "/accounts/0/taxations/3/from: lies within the term of c: end that one (until) before"
                + " another type begins",
            "/accounts/0/taxations/4/from: lies within the term of d: end that one (until) before"
                + " another type begins");
  }

  @Test
  void refusesZeroRatingWithoutAnEnd() {
    assertThat(violations(with("taxations: [{id: a, taxType: ZERO_RATED}]"), START))
        .containsExactly(
            "/accounts/0/taxations/0/until: must be given: the last day of what zero rating rests"
                + " on");
  }

  @Test
  void refusesToTakeBackAndToCreditOneMonth() {
    String credit = "slaCredits: [{id: x, month: 2026-08, pct: 10, grantedOn: 2026-09-03}]";
    String back = ", takeBacks: [{month: 2026-08, reason: CONTRACT_RESCINDED, on: 2026-09-%s}]";
    assertThat(violations(with(credit + back.formatted("05")), START))
        .containsExactly(
            "/accounts/0/takeBacks/0/month: was credited already (x on 2026-09-03): credit the rest"
                + " with slaCredits in place of taking all of it back");
    assertThat(violations(with(credit + back.formatted("02")), START))
        .containsExactly(
            "/accounts/0/slaCredits/0/month: was taken back on 2026-09-02, so that nothing is left"
                + " to credit; leave the credit out");
  }

  @Test
  void refusesToTakeBackWhatLateUsageAmended() {
    String closed = "closedMonths: [{month: 2026-08, closedAt: 2026-09-02}], ";
    String back = ", takeBacks: [{month: 2026-08, reason: DOUBLE_ISSUE, on: 2026-09-25}]";
    String late =
        START
            .replace("2026-09-10", "2026-08-10")
            .replace("\"data\"", "\"receivedtime\":\"2026-09-05T00:00:00Z\",\"data\"");
    assertThat(violations(with(closed + "lateUsage: {way: AMENDED}" + back), late))
        .containsExactly(
            "/accounts/0/takeBacks/0/month: was amended by late usage: credit what it comes to with"
                + " slaCredits in place of taking all of it back, or charge late usage with the next"
                + " invoice");
  }

  private static String with(String more) {
    return PRICES.replace("tenants: [{slug: acme}]", "tenants: [{slug: acme}], " + more);
  }

  @Test
  void refusesAWaiverOfOnePersonOrOfNothing() {
    assertThat(
            violations(
                PRICES.replace(
                    "tenants: [{slug: acme}]",
                    """
                    tenants: [{slug: acme}], waivers: [
                      {month: 2026-09, kind: ESTIMATED_END, runId: r, by: kim, confirmedBy: kim, reason: x},
                      {month: 2026-09, kind: HELD, by: kim, confirmedBy: lee}]"""),
                START))
        .containsExactlyInAnyOrder(
            "/accounts/0/waivers/0/confirmedBy: must be a second person",
            "/accounts/0/waivers/1/kind: must be one of SEQUENCE_GAP, SEQUENCE_SHARED, NO_START,"
                + " STOP_BEFORE_START, ESTIMATED_END, OTHER_PAYLOAD",
            "/accounts/0/waivers/1/instanceId: must be given, or runId or id: what is waived",
            "/accounts/0/waivers/1/reason: must be given");
  }

  @Test
  void refusesToLeaveOutWhatHasNoPrice() {
    assertThat(violations(PRICES.replace("2026-01-01", "2026-09-11"), START))
        .singleElement()
        .asString()
        .startsWith("h100-sxm-80g.on-demand.kr-seoul: used from 2026-09-10T01:00:00Z on");
  }

  @Test
  void refusesAmountsThatNoDocumentCanBear() {
    assertThat(violations(PRICES.replace("4500", "9".repeat(18)), START))
        .containsExactly("whole won must be below 9 * 10^18; look at prices and numbers of GPUs");
  }

  @Test
  void refusesMoreThanOneDocumentInALineOrAFile() {
    assertThat(violations(PRICES, START.strip() + START))
        .singleElement()
        .asString()
        .startsWith("line 1: is not JSON: there is more after its end");
    assertThat(violations(PRICES, START.replace("\"id\"", "\"id\":\"e0\",\"id\"")))
        .singleElement()
        .asString()
        .startsWith("line 1: is not JSON: Duplicate field 'id'");
    assertThat(violations(PRICES + "---\n" + PRICES, START))
        .singleElement()
        .asString()
        .contains("there is more after its end");
    assertThat(violations(PRICES + PRICES, START))
        .singleElement()
        .asString()
        .contains("Duplicate field 'prices'");
    assertThat(violations("", START))
        .containsExactly("must be a price book: an object with prices and accounts");
  }

  @Test
  void refusesARunOfTwoInstancesOrTenants() {
    String stop = START.replace("started", "stopped").replace("\"e1\"", "\"e2\"");
    assertThat(violations(PRICES, START + stop.replace("\"subject\":\"i\"", "\"subject\":\"j\"")))
        .containsExactly("line 2 /data/runId: is a run of instance i (line 1)");
    String elsewhere = stop.replace("\"sequence\":1", "\"sequence\":2").replace("acme", "other");
    assertThat(violations(PRICES, START + elsewhere))
        .containsExactly(
            "line 2 /data/tenantSlug: must be the tenant of the run: a run moves within its"
                + " tenant");
  }

  @Test
  void refusesAStartOfARunThatStopped() {
    String stop = START.replace("started", "stopped").replace("\"e1\"", "\"e2\"");
    String again = START.replace("\"e1\"", "\"e3\"").replace("T01", "T03");
    assertThat(
            violations(
                PRICES,
                again.replace("\"sequence\":1", "\"sequence\":3")
                    + START
                    + stop.replace("\"sequence\":1", "\"sequence\":2").replace("T01", "T02")))
        .containsExactly(
            "line 1 /data/runId: is a run that stopped (line 3): a start after a stop opens a new"
                + " run, with an id of its own");
  }

  @Test
  void refusesAChangeThatSaysNothingOfWhatChanged() {
    String change =
        """
        {"id":"e2","type":"instance.%s","subject":"i","time":"2026-09-10T02:00:00Z","sequence":2,"data":{"runId":"r","to":"x"}}
        """;
    assertThat(violations(PRICES, START + change.formatted("moved")))
        .containsExactly(
            "line 2 /data/projectSlug: must be given, or projectId: where it moved to");
    assertThat(violations(PRICES, START + change.formatted("resized")))
        .containsExactly("line 2 /data/gpus: must be given: what it has from then on");
  }

  @Test
  void namesAWrongFieldWhereItWasSaidAndNotWhereItWasTakenOver() {
    String stop =
        """
        {"id":"e2","type":"instance.stopped","subject":"i","time":"2026-09-10T02:00:00Z","sequence":2,"data":{"runId":"r"}}
        """;
    assertThat(violations(PRICES, START.replace("\"gpus\":8", "\"gpus\":1.5") + stop))
        .containsExactly("line 1 /data/gpus: must be a whole number");
    assertThat(violations(PRICES, START + stop.replace("\"r\"", "\"r\",\"gpus\":0")))
        .containsExactly("line 2 /data/gpus: must be 1 or more");
  }

  /** Each was billed as if it said something else. */
  @Test
  void refusesWhatIsNotGivenOrOfAnotherKindThanItMustBe() {
    assertThat(
            violations(
                """
                format: null
                prices:
                  - {sku: h100-sxm-80g.on-demand.kr-seoul, version: 1, listPriceKrw: 4500, effectiveFrom: 2026-01-01}
                discounts:
                  - {scope: null, name: S, pct: null, effectiveFrom: 2026-01-01}
                  - {name: T, effectiveFrom: 2026-01-01}
                accounts:
                  - accountId: acme
                    tenants:
                      - slug: acme
                        segment: null
                        grantShares:
                          - {id: g, model: h100-sxm-80g, gpus: 1}
                """,
                START))
        .containsExactly(
            "/discounts/0/scope: must be given",
            "/discounts/0/pct: must be given",
            "/discounts/1/scope: must be given",
            "/discounts/1/pct: must be given",
            "/accounts/0/tenants/0/grantShares/0/customerSharePct: must be given");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x1194", "4_500", "0b101", "4_500.5", "-0x10"})
  void refusesNumbersThatAreNotInDecimalDigits(String number) {
    assertThat(violations(PRICES.replace("4500", number), START))
        .singleElement()
        .asString()
        .isEqualTo(
            "cannot be read as YAML or JSON: "
                + number
                + " is no plain number: write a number in decimal digits alone, an id in quotes"
                + " (line 2, column 71)");
  }

  @Test
  void refusesNumbersThatYamlReadsAsOctal() {
    assertThat(violations(PRICES.replace("4500", "04500"), START))
        .singleElement()
        .asString()
        .contains("04500 begins with 0");
  }

  @Test
  void countsEventsOfTypesThatItDoesNotRead() throws IOException {
    Path book = Files.writeString(folder.resolve("p.yaml"), PRICES);
    Path log =
        Files.writeString(
            folder.resolve("e.jsonl"),
            START
                + START.replace("started", "stoped").replace("\"e1\"", "\"e2\"")
                + "{\"id\":\"e3\",\"type\":\"tenant.created\",\"data\":{}}\n");
    assertThat(rated(book, log, "2026-09-10T03:00:00Z").path("unreadEvents").toString())
        .isEqualTo("{\"instance.stoped\":1,\"tenant.created\":1}");
  }

  @Test
  void readsLineEndsOfEveryKindAndAByteOrderMark() throws IOException {
    String stop =
        START
            .replace("started", "stopped")
            .replace("\"e1\"", "\"e2\"")
            .replace("T01", "T02")
            .replace("\"sequence\":1", "\"sequence\":2");
    Path book =
        Files.writeString(folder.resolve("p.yaml"), "\uFEFF" + PRICES.replace("\n", "\r\n"));
    Path log =
        Files.writeString(
            folder.resolve("e.jsonl"), "\uFEFF" + START.strip() + "\r\n\n" + stop.strip() + "\r");
    assertThat(
            RateRun.rate(book, log, "acme", BillingMonth.parse("2026-09"), null)
                .at("/supplyValue/amount")
                .asText())
        .isEqualTo("36000");
  }

  @Test
  void holdsWhatIsAheadOfTheBusinessClockAndCountsWhatRunsUpToIt() throws IOException {
    String stop =
        START
            .replace("started", "stopped")
            .replace("\"e1\"", "\"e2\"")
            .replace("T01", "T04")
            .replace("\"sequence\":1", "\"sequence\":2");
    Path book = Files.writeString(folder.resolve("p.yaml"), PRICES);
    Path log = Files.writeString(folder.resolve("e.jsonl"), START + stop);

    JsonNode soFar = rated(book, log, "2026-09-10T03:54:59Z");
    assertThat(soFar.at("/supplyValue/amount").asText()).isEqualTo("104990");
    assertThat(soFar.at("/blockers/0/kind").asText()).isEqualTo("HELD");
    // five minutes ahead is not too far
    JsonNode ended = rated(book, log, "2026-09-10T03:55:00Z");
    assertThat(ended.at("/blockers").size()).isZero();
  }

  private static JsonNode rated(Path book, Path log, String asOf) {
    return RateRun.rate(book, log, "acme", BillingMonth.parse("2026-09"), Instant.parse(asOf));
  }
}
