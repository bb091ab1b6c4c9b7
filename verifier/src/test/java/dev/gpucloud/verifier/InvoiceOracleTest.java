package dev.gpucloud.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Worked case 2: 8 GPUs from 08-31 22:00 to 09-01 10:00, seen from September, in Seoul. */
class InvoiceOracleTest {
  static final String EVENTS =
      event(1, "instance.started", "2026-08-31T13:00:00Z")
          + "\n"
          + event(2, "instance.stopped", "2026-09-01T01:00:00Z")
          + "\n";

  static final String PRICES =
      """
      {"operator": {"businessNumber": "000-00-00072"},
       "prices": [{"sku": "h100-sxm-80g.on-demand.kr-seoul", "version": "v1", "unit": "GPU_HOUR",
         "purchaseClass": "ON_DEMAND", "listPriceKrw": "4500", "classPct": "100",
         "effectiveFrom": "2025-12-31T15:00:00Z"}],
       "discounts": [],
       "accounts": [{"accountId": "acc", "businessNumber": "000-00-00015", "mode": "EXTERNAL",
         "tenants": [{"tenantId": "ten", "terms": [
           {"effectiveFrom": "1970-01-01T00:00:00Z", "kind": "EXTERNAL"}]}],
         "credits": []}]}
      """;

  static final String INVOICE =
      """
      {"month": "2026-09", "account": {"id": "acc"},
       "supplyValue": {"amount": "360000", "currency": "KRW"},
       "vat": {"amount": "36000", "currency": "KRW"},
       "total": {"amount": "396000", "currency": "KRW"},
       "lines": [{"lineNumber": 1, "project": {"id": "prj", "slug": "p"},
         "sku": "h100-sxm-80g.on-demand.kr-seoul", "priceVersion": "v1",
         "exactFraction": "360000", "amount": {"amount": "360000", "currency": "KRW"},
         "details": [{"runId": "run", "start": "2026-08-31T15:00:00Z", "billedSeconds": "36000",
           "exactFraction": "360000"}]}]}
      """;

  private static String event(int sequence, String type, String at) {
    return """
    {"specversion":"1.0","id":"e%d","type":"%s","sequence":"%d","data":{"instanceId":"ins",\
    "runId":"run","tenantId":"ten","projectId":"prj","projectSlug":"p","instanceType":"h100.8x",\
    "gpuModel":"h100-sxm-80g","gpus":8,"region":"kr-seoul","site":"s",\
    "purchaseClass":"ON_DEMAND","at":"%s"}}\
    """
        .formatted(sequence, type, sequence, at);
  }

  private static Report verify(String events, String prices, String invoice) {
    return new InvoiceOracle().verify(events, prices, invoice);
  }

  @Test
  void sameInvoiceMatches() {
    Report report = verify(EVENTS, PRICES, INVOICE);
    assertThat(report.differences()).isEmpty();
    assertThat(report.expectedTotal()).isEqualTo("396000");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"396000\"', '\"396001\"', total: 396001",
    "'\"36000\", \"currency\"', '\"36001\", \"currency\"', vat: 36001",
    "'\"billedSeconds\": \"36000\"', '\"billedSeconds\": \"36001\"', 36001 s on the invoice",
    "'\"exactFraction\": \"360000\"}', '\"exactFraction\": \"360001\"}', 360001 won on the invoice",
    "'\"priceVersion\": \"v1\"', '\"priceVersion\": \"v2\"', nothing was used for it"
  })
  void oneAlteredFieldOfTheInvoiceIsFound(String from, String to, String where) {
    assertThat(INVOICE).contains(from);
    assertThat(verify(EVENTS, PRICES, INVOICE.replace(from, to)).differences())
        .anySatisfy(d -> assertThat(d).contains(where));
  }

  @Test
  void oneAlteredStampOfAnEventIsFound() {
    Report report = verify(EVENTS.replace("T01:00:00Z", "T01:00:01Z"), PRICES, INVOICE);
    assertThat(report.expectedTotal()).isEqualTo("396011");
    assertThat(report.differences()).anySatisfy(d -> assertThat(d).startsWith("line 1"));
  }

  @Test
  void missingEventIsFound() {
    assertThat(verify("", PRICES, INVOICE).differences()).isNotEmpty();
  }

  @Test
  void costShareHasNoVat() {
    Report statement =
        verify(
            EVENTS, PRICES.replace("\"mode\": \"EXTERNAL\"", "\"mode\": \"COST_SHARE\""), INVOICE);
    assertThat(statement.expectedTotal()).isEqualTo("360000");
  }

  @Test
  void creditsAreNettedAndEarlierMonthsBurnFirst() {
    String credit =
        """
        "credits": [{"id": "c", "tenantId": "ten", "priority": 1, "amountKrw": "100000",
          "validFrom": "2026-01-01T00:00:00Z", "grantedAt": "2026-01-01T00:00:00Z",
          "burns": [{"month": "2026-08", "amount": "72000"},
                    {"month": "2026-09", "amount": "28000"}]}]\
        """;
    Report report = verify(EVENTS, PRICES.replace("\"credits\": []", credit), INVOICE);
    assertThat(report.expectedTotal()).isEqualTo("365200");
  }

  // ---- corrections: worked case 3, charged by September's invoice

  private static final String LATE_EVENTS =
      """
      {"specversion":"1.0","id":"e1","type":"instance.started","sequence":"1",
       "receivedtime":"2026-08-30T11:00:01Z","data":%s}
      {"specversion":"1.0","id":"e2","type":"instance.stopped","sequence":"2",
       "receivedtime":"2026-09-12T01:00:00Z","data":%s}
      """
          .formatted(data("2026-08-30T11:00:00Z"), data("2026-08-30T17:30:00Z"))
          .replace(",\n", ",");

  private static final String LATE_PRICES =
      PRICES.replace(
          "\"credits\": []",
          """
          "credits": [], "closedMonths": [
            {"month": "2026-08", "closedAt": "2026-09-02T00:00:00Z"},
            {"month": "2026-09", "closedAt": "2026-10-02T00:00:00Z"}]\
          """);

  private static final String LATE_INVOICE =
      """
      {"month": "2026-09", "account": {"id": "acc"},
       "supplyValue": {"amount": "-387000", "currency": "KRW"},
       "vat": {"amount": "-38700", "currency": "KRW"},
       "total": {"amount": "-425700", "currency": "KRW"},
       "lines": [{"lineNumber": 1, "project": {"id": "prj", "slug": "p"},
         "category": "CORRECTION", "originalMonth": "2026-08",
         "sku": "h100-sxm-80g.on-demand.kr-seoul", "priceVersion": "v1",
         "exactFraction": "-387000", "amount": {"amount": "-387000", "currency": "KRW"},
         "details": []}]}
      """;

  private static String data(String at) {
    return """
    {"instanceId":"ins","runId":"run","tenantId":"ten","projectId":"prj","projectSlug":"p",\
    "instanceType":"h100.4x","gpuModel":"h100-sxm-80g","gpus":4,"region":"kr-seoul",\
    "site":"s","purchaseClass":"ON_DEMAND","at":"%s"}\
    """
        .formatted(at);
  }

  @Test
  void aCorrectionIsRecomputedFromWhatHadArrived() {
    Report report = verify(LATE_EVENTS, LATE_PRICES, LATE_INVOICE);
    assertThat(report.differences()).isEmpty();
    assertThat(report.unjudged()).isEmpty();
    assertThat(report.expectedTotal()).isEqualTo("-425700");
  }

  @Test
  void oneWonMoreOfACorrectionIsFound() {
    Report report =
        verify(
            LATE_EVENTS,
            LATE_PRICES,
            LATE_INVOICE.replace(
                "\"exactFraction\": \"-387000\"", "\"exactFraction\": \"-386999\""));
    assertThat(report.differences())
        .anySatisfy(d -> assertThat(d).contains("line 1 (correction of 2026-08"));
  }

  @Test
  void aCorrectionOfWhichTheCloseIsUnknownIsNotJudged() {
    Report report = verify(LATE_EVENTS, PRICES, LATE_INVOICE);
    assertThat(report.differences()).isEmpty();
    assertThat(report.unjudged())
        .containsExactly("line 1: the price export does not say when 2026-08 was closed");
  }

  @Test
  void anInvoiceOfAClosedMonthStaysRightWhenMoreArrives() {
    String august =
        LATE_INVOICE
            .replace("2026-09", "2026-08")
            .replace("CORRECTION", "USAGE")
            .replace("-387000", "504000")
            .replace("-38700", "50400")
            .replace("-425700", "554400")
            .replace(
                "\"details\": []",
                """
                "details": [{"runId": "run", "start": "2026-08-30T11:00:00Z",
                  "billedSeconds": "100800", "exactFraction": "504000"}]\
                """);
    assertThat(verify(LATE_EVENTS, LATE_PRICES, august).differences()).isEmpty();
  }

  // ---- agreements: 10 hours of 8 GPUs in September, at 4,500 by the list

  private static String agreed(String ofAccount) {
    return PRICES.replace("\"credits\": []", "\"credits\": [], " + ofAccount);
  }

  private static final String SKU = "\"sku\": \"h100-sxm-80g.on-demand.kr-seoul\"";

  @Test
  void whatIsAgreedDecidesTheTotal() {
    String contract = "\"contracts\": [{\"id\": \"c\", %s, \"priceKrw\": \"4000\"}]".formatted(SKU);
    assertThat(total(agreed(contract))).isEqualTo("352000");
    String tiers =
        "\"contracts\": [{\"id\": \"c\", %s, \"tiers\": {\"mode\": \"%s\", \"bands\":"
            + " [{\"upToHours\": \"60\", \"priceKrw\": \"4500\"}, {\"priceKrw\": \"4000\"}]}}]";
    assertThat(total(agreed(tiers.formatted(SKU, "GRADUATED")))).isEqualTo("385000");
    assertThat(total(agreed(tiers.formatted(SKU, "VOLUME")))).isEqualTo("352000");
    String commitment =
        "\"usageCommitments\": [{\"id\": \"u\", %s, \"kind\": \"HOURLY\", \"units\": \"4\","
            + " \"priceKrw\": \"3000\", \"from\": \"2026-08-31T20:30:00Z\", \"until\":"
            + " \"2026-08-31T22:00:00Z\"}]";
    // 74 hours at the list, 6 committed
    assertThat(total(agreed(commitment.formatted(SKU)))).isEqualTo("386100");
    assertThat(total(agreed("\"monthlyFees\": [{\"id\": \"f\", \"amountKrwPerMonth\": \"1000\"}]")))
        .isEqualTo("397100");
    assertThat(
            total(
                agreed(
                    "\"spendCommitments\": [{\"id\": \"s\", \"amountKrwPerMonth\": \"1000000\"}]")))
        .isEqualTo("1100000");
    String terms =
        "\"spendCommitments\": [{\"id\": \"s\", \"amountKrwPerMonth\": \"500000\", \"until\":"
            + " \"2026-09-15T15:00:00Z\"}, {\"id\": \"%s\", \"amountKrwPerMonth\": \"300000\","
            + " \"from\": \"2026-09-15T15:00:00Z\"}]";
    assertThat(total(agreed(terms.formatted("s")))).isEqualTo("440000");
    assertThat(total(agreed(terms.formatted("other")))).isEqualTo("396000");
    String grant =
        "\"grantShares\": [{\"id\": \"g\", \"model\": \"h100-sxm-80g\", \"gpus\": \"4\","
            + " \"customerSharePct\": \"10\"}], \"terms\"";
    assertThat(total(PRICES.replace("\"terms\"", grant))).isEqualTo("217800");
  }

  @Test
  void howTheAccountIsTaxedDecidesTheVat() {
    assertThat(total(agreed("\"taxType\": \"EXEMPT\""))).isEqualTo("360000");
    assertThat(total(agreed("\"taxType\": \"ZERO_RATED\""))).isEqualTo("396000");
    assertThat(
            total(
                agreed(
                    "\"taxType\": \"ZERO_RATED\", \"zeroRatingEvidence\": {\"until\":"
                        + " \"2026-09-30T15:00:00Z\"}")))
        .isEqualTo("360000");
    for (String until : List.of("2026-09-30", "2026-09-29")) {
      String exempt =
          "\"taxations\": [{\"id\": \"t\", \"taxType\": \"EXEMPT\", \"from\":"
              + " \"2026-09-09T15:00:00Z\", \"until\": \"%sT15:00:00Z\"}]".formatted(until);
      assertThat(total(agreed(exempt))).isEqualTo(until.equals("2026-09-30") ? "360000" : "396000");
    }
    for (String sku : List.of("h100-sxm-80g.on-demand.kr-seoul", "b200.on-demand.kr-seoul")) {
      String exempt =
          "\"taxType\": \"ZERO_RATED\", \"taxations\": [{\"id\": \"t\", \"sku\": \"%s\", \"taxType\":"
              + " \"EXEMPT\", \"from\": \"2026-09-09T15:00:00Z\"}]";
      assertThat(total(agreed(exempt.formatted(sku))))
          .isEqualTo(sku.startsWith("h100") ? "360000" : "396000");
    }
    assertThat(verify(EVENTS, agreed("\"pricesIncludeVat\": true"), INVOICE).differences())
        .contains("supplyValue: 360000 on the invoice, 327273 recomputed");
  }

  private static String total(String prices) {
    return verify(EVENTS, prices, INVOICE).expectedTotal();
  }

  @Test
  void aDamagedBundleIsRefusedWithWhatIsMissing() {
    assertThatThrownBy(() -> verify(EVENTS, PRICES, INVOICE.replace("\"sku\"", "\"skv\"")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sku");
    assertThatThrownBy(() -> verify(EVENTS, PRICES.replace("2025-12-31T", "2025-13-31T"), INVOICE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2025-13-31T");
  }

  @Test
  void commandExitsByWhatItFound(@TempDir Path folder) throws IOException {
    String events = write(folder, "e", EVENTS);
    String prices = write(folder, "p", PRICES);
    assertThat(run(events, prices, write(folder, "i", INVOICE))).isZero();
    assertThat(run(events, prices, write(folder, "j", INVOICE.replace("396000", "1")))).isOne();
    assertThat(run(events, prices, write(folder, "k", "{"))).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(run(events)).as("no bundle").isOne();
    assertThat(run(write(folder, "l", LATE_EVENTS), prices, write(folder, "m", LATE_INVOICE)))
        .isEqualTo(2);
  }

  private static String write(Path folder, String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static int run(String... args) {
    return VerifyInvoice.run(args, new PrintWriter(new StringWriter()));
  }
}
