package dev.gpucloud.benchmarks.documents;

import dev.gpucloud.billing.document.invoice.ExactRow;
import dev.gpucloud.billing.document.invoice.InvoiceLine;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.invoice.Party;
import dev.gpucloud.billing.document.invoice.Project;
import dev.gpucloud.billing.document.pdf.InvoicePdf;
import dev.gpucloud.billing.document.pdf.Language;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.invoice.engine.Vat;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Writes invoices as PDFs on all processors, each of another number and other names: 8 lines with 3
 * instances each, which makes three pages. Prints a line of CSV for each language, the median of
 * three rounds after one that does not count.
 */
public final class InvoicePdfBenchmark {
  private static final int ROUNDS = 3;
  private static final int LINES = 8;
  private static final int INSTANCES = 3;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final Rational PRICE = Rational.of(4050);
  private static final BillingMonth MONTH = BillingMonth.parse("2026-09");

  private final PrintStream out;
  private final int count;
  private final String commit;

  private InvoicePdfBenchmark(PrintStream out, int count, String commit) {
    this.out = out;
    this.count = count;
    this.commit = commit;
  }

  /** The commit, and how many PDFs a round, 1,000 without one. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) {
    int count = arguments.length < 2 ? 1000 : Integer.parseInt(arguments[1]);
    new InvoicePdfBenchmark(System.out, count, arguments[0]).run();
  }

  private record Round(double seconds, double cpuMillis, long bytes) {}

  private void run() {
    out.println("what,count,seconds,min,max,cpu_ms_per_pdf,bytes,load,commit");
    for (Language language : Language.values()) {
      round(language);
      Round[] rounds =
          IntStream.range(0, ROUNDS).mapToObj(i -> round(language)).toArray(Round[]::new);
      Arrays.sort(rounds, (a, b) -> Double.compare(a.seconds(), b.seconds()));
      Round median = rounds[ROUNDS / 2];
      out.printf(
          Locale.ROOT,
          "pdf-%s,%d,%.1f,%.1f,%.1f,%.1f,%d,%.2f,%s%n",
          language.name().toLowerCase(Locale.ROOT),
          count,
          median.seconds(),
          rounds[0].seconds(),
          rounds[ROUNDS - 1].seconds(),
          median.cpuMillis() / count,
          median.bytes() / count,
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
          commit);
    }
  }

  private Round round(Language language) {
    long cpu = cpuNanos();
    long start = System.nanoTime();
    long bytes = IntStream.range(0, count).parallel().mapToLong(i -> write(i, language)).sum();
    return new Round(
        (System.nanoTime() - start) / NANOS_PER_SECOND,
        (cpuNanos() - cpu) / NANOS_PER_MILLI,
        bytes);
  }

  private static long cpuNanos() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime();
  }

  private static long write(int index, Language language) {
    var bytes = new ByteArrayOutputStream();
    try {
      InvoicePdf.write(invoice(index), language, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.size();
  }

  private static IssuedInvoice invoice(int index) {
    var lines = new ArrayList<InvoiceLine>();
    for (int i = 1; i <= LINES; i++) {
      lines.add(line(i, index));
    }
    Won supply = lines.stream().map(InvoiceLine::supply).reduce(Won.ZERO, Won::plus);
    Won vat = Vat.of(supply);
    return new IssuedInvoice(
        "inv_" + index,
        "2026-09-%06d".formatted(index + 1),
        MONTH,
        Instant.parse("2026-10-02T01:30:00Z"),
        LocalDate.of(2026, 9, 30),
        LocalDate.of(2026, 10, 31),
        BillingMode.EXTERNAL,
        false,
        new Party("공급 주식회사", "1048137225", "홍길동", "서울특별시 중구 을지로 65", null, null, null),
        "acc",
        new Party("고객 " + index + "호 주식회사", "1268103725", null, null, null, null, null),
        lines,
        supply,
        vat,
        supply.plus(vat),
        List.of(),
        List.of());
  }

  private static InvoiceLine line(int number, int index) {
    var rows = new ArrayList<ExactRow>();
    for (int i = 0; i < INSTANCES; i++) {
      rows.add(row(number * INSTANCES + i, index));
    }
    Rational exact = rows.stream().map(ExactRow::exact).reduce(Rational.ZERO, Rational::add);
    var amount = new Won(exact.roundHalfUpToLong());
    return new InvoiceLine(
        number,
        new Project("prj_" + number % 3, "프로젝트-" + number % 3),
        "H100-" + number + ".on-demand.kr-central",
        "NVIDIA H100 80GB, on-demand, kr-central",
        "v7",
        TaxType.TAXED,
        LineCategory.USAGE,
        MONTH,
        InvoiceLine.Unit.GPU_HOUR,
        exact.divide(PRICE),
        exact,
        Rational.of(amount.amount()).subtract(exact),
        amount,
        amount,
        Vat.of(amount),
        null,
        null,
        rows);
  }

  private static ExactRow row(int instance, int index) {
    long millis = 60_000L * (instance + 1) + index;
    Rational hours = Rational.of(8 * millis, HOUR_MILLIS);
    Rational rated = hours.multiply(PRICE);
    Instant start = MONTH.start().plusSeconds(instance);
    return new ExactRow(
        new ExactRow.Instance("ins_%04d_%04d".formatted(index, instance), "노드-" + instance, "x"),
        "run_" + instance,
        start,
        start.plusMillis(millis),
        false,
        millis,
        0,
        8,
        8,
        hours,
        "v7",
        PRICE,
        PRICE,
        "",
        rated,
        Rational.ZERO,
        rated,
        null,
        null);
  }
}
