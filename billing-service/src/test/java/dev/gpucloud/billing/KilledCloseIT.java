package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.finance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.gpucloud.billing.fixture.FakeInventory;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.Replica;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestDatabase;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two processes of the packaged service close the same months, and one of them dies at every step:
 * the months end as if nothing had happened.
 */
class KilledCloseIT {
  private static final int ACCOUNTS = 9;
  private static final long SUPPLY = 57_600;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Properties BEFORE = new Properties();
  private static final Map<String, String> SETTINGS = new HashMap<>();
  private static final FakeInventory INVENTORY = new FakeInventory();
  private static final List<Replica> LIVING = new ArrayList<>();

  /** Where one of them is told to die. */
  @TempDir private static Path crashes;

  private static int portBefore;
  private static int started;

  /** Other tests of this run find their own stack again afterwards. */
  @BeforeAll
  static void used() throws IOException {
    BEFORE.putAll(System.getProperties());
    portBefore = RestAssured.port;
    var stack = new ServiceStack();
    stack.init(Map.of("service", "billing"));
    SETTINGS.putAll(stack.start());
    SETTINGS.putAll(INVENTORY.start());
    two();
    World.importScenarioPrices();
    for (int i = 0; i < ACCOUNTS; i++) {
      World world = World.external();
      for (String month : List.of("2026-04", "2026-05", "2026-06")) {
        world.ran("a", 8, month + "-10T09:00:00", month + "-10T10:00:00");
      }
      world.awaitEvents(15);
    }
  }

  @AfterAll
  static void giveBack() {
    LIVING.forEach(Replica::close);
    INVENTORY.stop();
    System.setProperties(BEFORE);
    RestAssured.port = portBefore;
  }

  /** Two that are alive: what is left of the former ones, and new ones. */
  private static void two() {
    LIVING.removeIf(replica -> !replica.isAlive());
    while (LIVING.size() < 2) {
      LIVING.add(
          Replica.start(
              "billing-service",
              "replica-" + ++started,
              SETTINGS,
              "gpucloud.close.batch=2",
              "gpucloud.close.check=PT1S",
              "gpucloud.close.lease=PT5S",
              "gpucloud.crash-at=" + crashes));
    }
    LIVING.forEach(Replica::awaitReady);
    RestAssured.port = LIVING.getFirst().port();
  }

  private static void eventually(BooleanSupplier condition) throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("patience ends").isBefore(deadline);
      Thread.sleep(50);
    }
  }

  /** A walk in which one process dies and the other, or a new one, goes on. */
  private static void walk(String month, String point) throws Exception {
    two();
    Path file = Files.createFile(crashes.resolve(point));
    finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .post(path(month))
        .then()
        .statusCode(202);
    eventually(() -> !LIVING.stream().allMatch(Replica::isAlive));
    assertThat(file).doesNotExist();
    Map<String, String> before = numbers(month);
    two();
    eventually(
        () -> auditor().get(path(month)).then().extract().path("operation.state").equals("DONE"));
    assertThat(numbers(month)).containsAllEntriesOf(before);
  }

  private static String path(String month) {
    return "/api/v1/finance/billing-months/" + month + "/close";
  }

  /** The numbers of the month's invoices that have one. */
  private static Map<String, String> numbers(String month) {
    String rows =
        TestDatabase.value(
            """
            select coalesce(string_agg(id || '=' || number, ','), '') from invoice
            where month = '%s' and number is not null"""
                .formatted(month));
    Map<String, String> numbers = new HashMap<>();
    for (String row : rows.split(",")) {
      if (!row.isEmpty()) {
        numbers.put(row.split("=")[0], row.split("=")[1]);
      }
    }
    return numbers;
  }

  @ParameterizedTest
  @CsvSource({
    "2026-04, read, posted",
    "2026-05, rated, numbered",
    "2026-06, drafted, issued",
  })
  void aCloserThatDiesLeavesTheMonthAsItWouldHaveBeen(
      String month, String whileDrafting, String whileIssuing) throws Exception {
    walk(month, whileDrafting);

    assertThat(count("select count(*) from invoice where month = '%s'", month)).isEqualTo(ACCOUNTS);
    assertThat(
            count(
                "select count(distinct account_id) from invoice"
                    + " where month = '%s' and state = 'DRAFT' and supply_krw = %d",
                month, SUPPLY))
        .isEqualTo(ACCOUNTS);
    TestDatabase.update(
        """
        update invoice set state = 'APPROVED', submitted_by = 'fin-1', submitted_at = now(),
          approved_by = 'app-1', approved_at = now()
        where month = '%s'"""
            .formatted(month));
    walk(month, whileIssuing);

    auditor().get(path(month)).then().body("state", equalTo("CLOSED"));
    assertThat(numbers(month).values().stream().sorted())
        .hasSize(ACCOUNTS)
        .first()
        .asString()
        .startsWith(month + "-0");
    assertThat(count("select last_number from invoice_number where month = '%s'", month))
        .isEqualTo(ACCOUNTS);
    assertThat(
            count(
                "select count(distinct number) from invoice where month = '%s' and state = 'ISSUED'",
                month))
        .isEqualTo(ACCOUNTS);
    everythingOnce(month);
  }

  private static void everythingOnce(String month) {
    String invoices = "(select 'inv_' || id from invoice where month = '" + month + "')";
    assertThat(
            count(
                "select count(*) from ledger_transaction where document in %s and version = 1",
                invoices))
        .isEqualTo(2 * ACCOUNTS);
    assertThat(
            count(
                "select count(distinct (document, kind)) from ledger_transaction where document in %s",
                invoices))
        .isEqualTo(2 * ACCOUNTS);
    assertThat(count("select coalesce(sum(amount_krw), 0) from ledger_entry")).isZero();
    assertThat(
            count(
                """
                select count(*) from ledger_entry e join ledger_transaction t on t.id = e.transaction_id
                where t.document in %s and e.account = 'REVENUE' and e.amount_krw = -%d""",
                invoices, SUPPLY))
        .isEqualTo(ACCOUNTS);
    for (String action : List.of("CREATE", "ISSUE")) {
      assertThat(
              count(
                  """
                  select count(*) from invoice_history h join invoice i on i.id = h.invoice_id
                  where i.month = '%s' and h.action = '%s'""",
                  month, action))
          .isEqualTo(ACCOUNTS);
    }
    assertThat(
            count(
                """
                select count(*) from rated_rows r join invoice i on i.id = r.invoice_id
                where i.month = '%s'""",
                month))
        .isEqualTo(ACCOUNTS);
  }
}
