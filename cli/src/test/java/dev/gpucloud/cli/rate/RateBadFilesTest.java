package dev.gpucloud.cli.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gpucloud.contracts.time.BillingMonth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
