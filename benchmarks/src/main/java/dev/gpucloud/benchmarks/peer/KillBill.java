package dev.gpucloud.benchmarks.peer;

import dev.gpucloud.benchmarks.measured.MeasuredDatabase;
import dev.gpucloud.devstack.client.DurableStack;
import dev.gpucloud.devstack.client.ServiceDatabase;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Has Kill Bill close two months of accounts with usage, one tracking id a row, on a durable
 * PostgreSQL of its own. A month counts from the jump of the clock until every account has its
 * invoice of the exact amount. Prints CSV; the first month warms up.
 */
public final class KillBill {
  /** Both of the months have 31 days. */
  private static final LocalDate FIRST = LocalDate.of(2026, 7, 1);

  private static final int MONTHS = 2;
  private static final int DAYS = 31;
  private static final int CLIENTS = 8;
  private static final int HOURS = 8;
  private static final int PRICE = 3;

  /** An account is billed at the time of day when it was subscribed: no jump may end before it. */
  private static final int DUE_BY_HOUR = 12;

  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final double MILLIS_PER_TICK = 10;

  /** Parameters: a subscription, the month. Who has no usage in it yet gets that of the first. */
  private static final String COPIES =
      """
      insert into rolled_up_usage (id, subscription_id, unit_type, record_date, amount,
          tracking_id, created_by, created_date, account_record_id, tenant_record_id)
        select gen_random_uuid()::text, s.id, u.unit_type, u.record_date, u.amount,
          u.tracking_id, u.created_by, u.created_date, s.account_record_id, s.tenant_record_id
        from rolled_up_usage u cross join subscriptions s
        where u.subscription_id = '%1$s' and u.tracking_id like '%2$s-%%'
          and s.id not in
            (select subscription_id from rolled_up_usage where tracking_id like '%2$s-%%')""";

  private final PrintWriter out =
      new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  private final KillBillServer server;
  private final KillBillApi api;
  private final MeasuredDatabase database;
  private final Size size;

  /** What is measured. */
  private record Size(int accounts, int rows) {}

  private KillBill(KillBillServer server, KillBillApi api, MeasuredDatabase database, Size size) {
    this.server = server;
    this.api = api;
    this.database = database;
    this.size = size;
  }

  /** Arguments: folder of the project, Tomcat, war, java of 17, work, accounts, rows of each. */
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    Path work = Path.of(args[4]);
    var at =
        new KillBillServer.Installation(
            Path.of(args[1]),
            Path.of(args[2]),
            Path.of(args[3]),
            root.resolve("benchmarks/peers/kill-bill"),
            work);
    var size = new Size(Integer.parseInt(args[5]), Integer.parseInt(args[6]));
    try (DurableStack stack = DurableStack.start(root, work.resolve("stack"))) {
      ServiceDatabase tables = KillBillDatabase.create(stack.postgres(), at.war());
      try (var database = new MeasuredDatabase(tables.jdbcUrl(), stack.adminPassword());
          KillBillServer server = KillBillServer.start(at, tables)) {
        database.requireDurable();
        var api = new KillBillApi(server.address());
        server.await(api);
        String catalog = Files.readString(at.configuration().resolve("catalog.xml"));
        new KillBill(server, api, database, size).measure(catalog);
      }
    }
  }

  private void measure(String catalog) throws Exception {
    api.createTenant();
    clock(FIRST, 0);
    api.uploadCatalog(catalog);
    List<String> subscriptions = new ArrayList<>();
    for (int n = 0; n < size.accounts(); n++) {
      subscriptions.add(api.subscribe(api.createAccount(n)));
    }
    out.println(
        "system,month,accounts,usage_rows_per_account,seconds,invoices_per_s,jvm_ms_per_invoice,"
            + "postgresql_ms_per_invoice,peak_rss_mib,fsync,load");
    for (int n = 0; n < MONTHS; n++) {
      LocalDate month = FIRST.plusMonths(n);
      fill(subscriptions, month);
      api.settle();
      database.run("vacuum analyze");
      out.println(close(month));
      check(month);
      api.settle();
    }
  }

  private void clock(LocalDate day, int hour) throws IOException, InterruptedException {
    api.clock(day.atTime(hour, 0).toInstant(ZoneOffset.UTC));
  }

  /** The first accounts post their usage; the others get copies of its rows, which takes less. */
  private void fill(List<String> subscriptions, LocalDate month) throws Exception {
    List<String> posting = subscriptions.subList(0, Math.min(CLIENTS, subscriptions.size()));
    long begin = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> running = new ArrayList<>();
      for (String subscription : posting) {
        running.add(
            threads.submit(
                () -> {
                  use(subscription, month);
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    double rate = posting.size() * size.rows() / seconds(begin);
    System.err.printf(Locale.ROOT, "%s: %.0f rows of usage posted a second%n", month, rate);
    database.run(COPIES.formatted(subscriptions.getFirst(), month));
  }

  private void use(String subscription, LocalDate month) throws IOException, InterruptedException {
    for (int i = 0; i < size.rows(); i++) {
      api.use(subscription, month + "-" + i, month.plusDays(i % DAYS), HOURS);
    }
  }

  private String close(LocalDate month) throws Exception {
    double jvm = jvmMillis();
    double postgres = database.cpuMicros() / 1e3;
    long begin = System.nanoTime();
    clock(month.plusMonths(1), DUE_BY_HOUR);
    String billed = Integer.toString(size.accounts());
    while (!database.value("select count(*)" + itemsOf(month)).equals(billed)) {
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IllegalStateException("not all invoices came, see killbill.log");
      }
      Thread.sleep(20);
    }
    double seconds = seconds(begin);
    return String.format(
        Locale.ROOT,
        "kill-bill,%s,%d,%d,%.2f,%.2f,%.1f,%.1f,%d,on,%s",
        month.toString().substring(0, 7),
        size.accounts(),
        size.rows(),
        seconds,
        size.accounts() / seconds,
        (jvmMillis() - jvm) / size.accounts(),
        (database.cpuMicros() / 1e3 - postgres) / size.accounts(),
        peakRssMib(),
        Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
  }

  private static String itemsOf(LocalDate month) {
    return " from invoice_items where type = 'USAGE' and end_date = '%s'"
        .formatted(month.plusMonths(1));
  }

  /** Every account has one item of the exact amount, and every row was billed once. */
  private void check(LocalDate month) throws SQLException {
    String amount = Integer.toString(HOURS * PRICE * size.rows());
    require(
        "%d|%s|%s".formatted(size.accounts(), amount, amount),
        "select count(distinct account_id) || '|' || trim_scale(min(amount)) || '|'"
            + " || trim_scale(max(amount))"
            + itemsOf(month));
    require(
        "%1$d|%1$d".formatted(size.accounts() * size.rows()),
        """
        select count(*) || '|' || count(distinct (subscription_id, tracking_id))
        from invoice_tracking_ids where tracking_id like '%s-%%' and is_active"""
            .formatted(month));
  }

  private void require(String expected, String sql) throws SQLException {
    String found = database.value(sql);
    if (!found.equals(expected)) {
      throw new IllegalStateException("%s instead of %s".formatted(found, expected));
    }
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private double jvmMillis() throws IOException {
    String line = Files.readString(Path.of("/proc/" + server.pid() + "/stat"));
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_PER_TICK;
  }

  private long peakRssMib() throws IOException {
    List<String> status = Files.readAllLines(Path.of("/proc/" + server.pid() + "/status"));
    String peak = status.stream().filter(l -> l.startsWith("VmHWM:")).findFirst().orElseThrow();
    return Long.parseLong(peak.replaceAll("[^0-9]", "")) / 1024;
  }
}
