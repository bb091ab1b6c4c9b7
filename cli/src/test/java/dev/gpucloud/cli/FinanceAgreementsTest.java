package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What accounts agreed to and paid before, on the command line. */
class FinanceAgreementsTest {
  private static final String ACCOUNT = "/api/v1/finance/accounts/a-1";
  private static final String POOL =
      "{\"name\":\"group\",\"version\":%d,\"accounts\":[\"a-1\",\"a-2\"],\"fromMonth\":\"2026-12\"}";

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
  void listsAccountsWithWhomTheyPayFor() {
    console.answer(
        "GET /api/v1/finance/accounts",
        200,
        """
        {"items":[{"id":"a-1","businessNumber":"000-00-00015","name":"하이닉스","mode":"EXTERNAL",
          "tenants":[{"id":"ten_1","slug":"sk-hynix","name":"h"},
                     {"id":"ten_2","slug":"sk-lab","name":"l"}]}]}""");

    assertThat(console.line("finance accounts"))
        .isEqualTo(
            """
            ID   BUSINESS NO   NAME      MODE      TENANTS
            a-1  000-00-00015  하이닉스  EXTERNAL  sk-hynix sk-lab
            """);
  }

  @Test
  void agreesToTiersWithBands() {
    console.answer(
        "POST " + ACCOUNT + "/agreements",
        201,
        """
        {"reference":"c-14","version":1,"kind":"CONTRACT_PRICE","from":"2026-11-30T15:00:00Z",
         "terms":{"price":"405"},"agreedBy":"kim"}""");

    String printed =
        console.line(
            "finance agreements create c-14 --account a-1 --kind CONTRACT_PRICE --from 2026-12-01"
                + " --item b200-sxm-180g --tiers GRADUATED --band 1000:4500 --band 3900"
                + " --idempotency-key k-1");

    assertThat(console.last().body())
        .isEqualTo(
            "{\"reference\":\"c-14\",\"kind\":\"CONTRACT_PRICE\",\"from\":\"2026-12-01\",\"terms\":"
                + "{\"item\":\"b200-sxm-180g\",\"tiers\":{\"mode\":\"GRADUATED\",\"bands\":["
                + "{\"upToHours\":\"1000\",\"priceKrw\":\"4500\"},{\"priceKrw\":\"3900\"}]}}}");
    assertThat(console.last().headers()).containsEntry("idempotency-key", "k-1");
    assertThat(printed)
        .isEqualTo(
            """
            REFERENCE  KIND            FROM        BEFORE  TERMS      BY   VERSION
            c-14       CONTRACT_PRICE  2026-12-01  -       price=405  kim  1
            """);
  }

  @Test
  void endsTheAgreementThatItHasSeen() {
    console
        .answer(
            "GET " + ACCOUNT + "/agreements",
            200,
            "{\"items\":[{\"reference\":\"c-13\",\"version\":1},{\"reference\":\"c-14\",\"version\":2}]}")
        .answer("POST " + ACCOUNT + "/agreements/c-14/end", 200, "{\"reference\":\"c-14\"}");

    console.line("finance agreements end c-14 --account a-1 --until 2026-12-31");

    assertThat(console.last().headers()).containsEntry("if-match", "\"2\"");
    assertThat(console.last().body()).isEqualTo("{\"until\":\"2026-12-31\"}");
    String[] unknown = "finance agreements end c-15 --account a-1 --until 2026-12-31".split(" ");
    assertThat(console.code(unknown)).isEqualTo(ExitCode.NOT_FOUND.code());
  }

  @Test
  void booksAndLapsesPrepaidMoney() {
    String prepaid =
        """
        {"id":"p-1","amount":{"amount":"5000000","currency":"KRW"},
         "left":{"amount":"1500000","currency":"KRW"},"lapsed":{"amount":"0","currency":"KRW"},
         "priority":2,"paidAt":"2026-11-01T15:00:00Z","note":"장기"}""";
    console
        .answer("POST " + ACCOUNT + "/prepaid", 201, prepaid)
        .answer("POST " + ACCOUNT + "/prepaid/p-1/lapse", 200, prepaid);

    String booked =
        console.line(
            "finance prepaid top-up --account a-1 --amount 5000000 --priority 2"
                + " --expires 2027-10-31 --note 장기");

    assertThat(console.last().body())
        .isEqualTo(
            "{\"amountKrw\":\"5000000\",\"priority\":2,\"expires\":\"2027-10-31\",\"note\":\"장기\"}");
    assertThat(booked).contains("p-1  5,000,000  1,500,000       0  2         2026-11-02 00:00:00");
    console.line("finance prepaid lapse p-1 --account a-1");
    assertThat(console.last().headers()).containsKey("idempotency-key");
  }

  @Test
  void setsTheVersionOfATierPoolThatStandsNow() {
    String path = "/api/v1/finance/tier-pools";
    console
        .answer("GET " + path, 200, "[" + POOL.formatted(3) + "]")
        .answer("PUT " + path + "/group", 200, POOL.formatted(4))
        .answer("PUT " + path + "/other", 200, POOL.formatted(1));

    String set =
        console.line(
            "finance tier-pools set group --from-month 2026-12 --account a-1 --account a-2");

    assertThat(console.last().headers()).containsEntry("if-match", "\"3\"");
    assertThat(console.last().body())
        .isEqualTo("{\"accounts\":[\"a-1\",\"a-2\"],\"fromMonth\":\"2026-12\"}");
    assertThat(set).contains("group  2026-12  a-1,a-2   4");
    console.line("finance tier-pools set other --from-month 2026-12");
    assertThat(console.last().headers()).containsEntry("if-match", "\"0\"");
    assertThat(console.last().body()).startsWith("{\"accounts\":[],");
  }

  @Test
  void triesAPriceBookOnAMonthPageByPage() throws IOException {
    Files.writeString(folder.resolve("book.yaml"), "prices:\n  - {sku: s, priceKrw: 4500.125}\n");
    String more = "{\"amount\":\"10\",\"currency\":\"KRW\"}";
    console
        .answer(
            "POST /api/v1/finance/price-books/dry-run",
            200,
            "{\"items\":[{\"name\":\"one\",\"more\":" + more + "}],\"nextPageToken\":\"t2\"}")
        .answer(
            "POST /api/v1/finance/price-books/dry-run",
            200,
            "{\"items\":[{\"name\":\"two\",\"more\":" + more + "}]}");

    String table = console.line("finance prices dry-run book.yaml -m 2026-10");

    assertThat(table).contains("one").contains("two");
    assertThat(console.last().uri()).endsWith("dry-run?month=2026-10&pageToken=t2");
    assertThat(console.last().body())
        .isEqualTo("{\"prices\":[{\"sku\":\"s\",\"priceKrw\":4500.125}]}");
  }

  @Test
  void importsAPriceBookAsItIs() throws IOException {
    Files.writeString(folder.resolve("book.yaml"), "prices: []\n");
    console.answer(
        "POST /api/v1/finance/imports/prices",
        200,
        "{\"skus\":9,\"pricesCreated\":2,\"pricesUnchanged\":7,\"discountsCreated\":0,"
            + "\"discountsUnchanged\":3}");

    assertThat(console.line("finance prices import book.yaml"))
        .isEqualTo("9 SKUs: 2 prices and 0 discounts are new, 7 and 3 were known.\n");
    assertThat(console.last().body()).isEqualTo("prices: []\n");
    assertThat(console.last().headers()).containsEntry("content-type", "application/yaml");
    assertThat(console.code("finance", "prices", "import", "none.yaml"))
        .isEqualTo(ExitCode.USAGE.code());
  }
}
