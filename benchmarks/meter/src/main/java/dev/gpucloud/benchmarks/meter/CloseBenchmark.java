package dev.gpucloud.benchmarks.meter;

import dev.gpucloud.benchmarks.measured.MeasuredDatabase;
import dev.gpucloud.billing.closerun.CloseAsked;
import dev.gpucloud.contracts.time.BillingMonth;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Fills months of accounts with usage and has the service close them: all days are booked, as they
 * are while a month goes on, one walk drafts, all drafts are approved, one walk issues. Every
 * invoice must come to its exact amount. Prints CSV.
 */
@Singleton
public class CloseBenchmark implements QuarkusApplication {
  private static final Duration PATIENCE = Duration.ofHours(2);
  private static final int MONTHS = 2;
  private static final long SUPPLY_OF_AN_INTERVAL = 8 * 4_500;
  private static final com.sun.management.OperatingSystemMXBean SYSTEM =
      (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final String HEADER =
      "month,walk,accounts,intervals_per_account,seconds,accounts_per_s,intervals_per_s,"
          + "jvm_ms_per_account,postgresql_ms_per_account,peak_rss_mib,fsync,load,commit";

  private final Event<CloseAsked> asked;
  private final PrintWriter out =
      new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  /** What is measured. */
  private record Size(int accounts, int intervals, String commit) {}

  CloseBenchmark(Event<CloseAsked> asked) {
    this.asked = asked;
  }

  /** Arguments: {@code close}, accounts, intervals of an account and month, the commit measured. */
  @Override
  public int run(String... args) throws Exception {
    var size = new Size(Integer.parseInt(args[1]), Integer.parseInt(args[2]), args[3]);
    try (var database =
        new MeasuredDatabase(
            System.getenv("DURABLE_JDBC_URL"), System.getenv("DURABLE_ADMIN_PASSWORD"))) {
      database.requireDurable();
      run(database, CloseFill.ACCOUNTS.formatted(size.accounts()));
      out.println(HEADER);
      BillingMonth last = BillingMonth.of(Instant.now());
      for (int n = MONTHS; n > 0; n--) {
        var month = BillingMonth.parse(last.month().minusMonths(n).toString());
        close(database, size, month);
      }
    }
    return 0;
  }

  private void close(MeasuredDatabase database, Size size, BillingMonth month) throws Exception {
    String usage = CloseFill.USAGE.formatted(size.accounts(), size.intervals(), month.start());
    run(database, usage);
    run(database, "vacuum analyze");
    run(database, CloseFill.DAYS.formatted(month.start(), month.end()));
    out.println(
        measured(
            database,
            size,
            month,
            "book",
            "select count(*) from (select from usage_day where looked is distinct from version"
                + " limit 1) left_over",
            Duration.ofSeconds(1)));
    require(database, "0", "select count(*) from usage_day where not booked");
    out.println(walk(database, size, month, "draft"));
    require(
        database,
        "%d|%d"
            .formatted(size.accounts(), SUPPLY_OF_AN_INTERVAL * size.intervals() * size.accounts()),
        "select count(*) || '|' || coalesce(sum(supply_krw), 0) from invoice where month = '%s'"
            .formatted(month));
    run(database, CloseFill.APPROVE.formatted(month));
    out.println(walk(database, size, month, "issue"));
    require(
        database,
        "%1$d|%1$d|CLOSED".formatted(size.accounts()),
        """
        select (select count(distinct number) from invoice
                where month = '%1$s' and state = 'ISSUED')
               || '|' || (select last_number from invoice_number where month = '%1$s')
               || '|' || (select state from billing_month where month = '%1$s')"""
            .formatted(month));
  }

  private String walk(MeasuredDatabase database, Size size, BillingMonth month, String walk)
      throws Exception {
    run(database, CloseFill.BEGIN.formatted(month));
    asked.fire(new CloseAsked());
    return measured(
        database,
        size,
        month,
        walk,
        "select count(*) from close_run where state = 'RUNNING'",
        Duration.ofMillis(20));
  }

  /** Waits until nothing is left to do of what the service has begun; looks are not for nothing. */
  private static String measured(
      MeasuredDatabase database,
      Size size,
      BillingMonth month,
      String walk,
      String done,
      Duration look)
      throws Exception {
    double jvm = SYSTEM.getProcessCpuTime() / 1e6;
    double postgres = database.cpuMicros() / 1e3;
    long begin = System.nanoTime();
    while (!database.value(done).equals("0")) {
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IllegalStateException(walk + " did not end");
      }
      Thread.sleep(look);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    return String.format(
        Locale.ROOT,
        "%s,%s,%d,%d,%.2f,%.1f,%.0f,%.2f,%.2f,%d,on,%.2f,%s",
        month,
        walk,
        size.accounts(),
        size.intervals(),
        seconds,
        size.accounts() / seconds,
        (double) size.accounts() * size.intervals() / seconds,
        (SYSTEM.getProcessCpuTime() / 1e6 - jvm) / size.accounts(),
        (database.cpuMicros() / 1e3 - postgres) / size.accounts(),
        peakRssMib(),
        SYSTEM.getSystemLoadAverage(),
        size.commit());
  }

  private static long peakRssMib() throws IOException {
    List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
    String peak = status.stream().filter(l -> l.startsWith("VmHWM:")).findFirst().orElseThrow();
    return Long.parseLong(peak.replaceAll("[^0-9]", "")) / 1024;
  }

  private static void run(MeasuredDatabase database, String statements) throws Exception {
    database.run(statements);
  }

  private static void require(MeasuredDatabase database, String expected, String sql)
      throws Exception {
    String found = database.value(sql);
    if (!found.equals(expected)) {
      throw new IllegalStateException("%s instead of %s".formatted(found, expected));
    }
  }
}
