package dev.gpucloud.billing.usage;

import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.billing.rating.engine.Rating;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a month came to so far, before credits and VAT. Amounts are exact won with 12 decimals; a
 * run that goes on counts up to {@code through}.
 */
record UsageView(
    BillingMonth month,
    Instant from,
    Instant through,
    String currency,
    String exactAmount,
    String gpuHours,
    List<ProjectUsage> projects,
    List<UnpricedUsage> unpriced) {

  /** Usage of one project. */
  record ProjectUsage(
      ProjectId id,
      String slug,
      String exactAmount,
      String gpuHours,
      List<InstanceUsage> instances) {}

  /** Usage of one instance. */
  record InstanceUsage(
      InstanceId id,
      String name,
      String instanceType,
      String exactAmount,
      String gpuHours,
      List<RunUsageView> runs) {}

  /** Usage of one run within the month; {@code end} is absent while it goes on. */
  record RunUsageView(
      RunId runId,
      String sku,
      Instant start,
      @Nullable Instant end,
      String billedSeconds,
      int gpus,
      String exactAmount) {}

  /** Usage for which no price is in force; it is not in the amounts. */
  record UnpricedUsage(String sku, Instant from) {}

  static UsageView of(
      BillingMonth month, Instant from, Instant through, Rating rating, Map<RunId, Instant> ends) {
    List<RatedRow> rows = rating.rows();
    return new UsageView(
        month,
        from,
        through,
        "KRW",
        amount(rows),
        gpuHours(rows),
        grouped(rows, r -> r.scope().projectId().toString()).stream()
            .map(g -> project(g, ends))
            .toList(),
        rating.unpriced().stream().map(u -> new UnpricedUsage(u.sku(), u.from())).toList());
  }

  private static ProjectUsage project(List<RatedRow> rows, Map<RunId, Instant> ends) {
    RatedRow last = rows.getLast();
    return new ProjectUsage(
        last.scope().projectId(),
        last.scope().projectSlug(),
        amount(rows),
        gpuHours(rows),
        grouped(rows, r -> r.instanceId().toString()).stream()
            .map(g -> instance(g, ends))
            .toList());
  }

  private static InstanceUsage instance(List<RatedRow> rows, Map<RunId, Instant> ends) {
    RatedRow last = rows.getLast();
    return new InstanceUsage(
        last.instanceId(),
        last.instanceName(),
        last.shape().instanceType(),
        amount(rows),
        gpuHours(rows),
        grouped(rows, r -> r.runId().toString()).stream().map(g -> run(g, ends)).toList());
  }

  private static RunUsageView run(List<RatedRow> rows, Map<RunId, Instant> ends) {
    RatedRow last = rows.getLast();
    long millis = rows.stream().mapToLong(RatedRow::billedMillis).sum();
    return new RunUsageView(
        last.runId(),
        last.price().sku(),
        rows.getFirst().start(),
        ends.get(last.runId()),
        seconds(millis),
        last.shape().gpus(),
        amount(rows));
  }

  private static List<List<RatedRow>> grouped(List<RatedRow> rows, Function<RatedRow, String> key) {
    return rows.stream()
        .sorted(Comparator.comparing(RatedRow::start))
        .collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()))
        .values()
        .stream()
        .toList();
  }

  private static String amount(List<RatedRow> rows) {
    return rows.stream().map(RatedRow::amount).reduce(Rational.ZERO, Rational::add).toDecimal12();
  }

  /** Whole GPUs only: a slice is sold by the instance-hour. */
  private static String gpuHours(List<RatedRow> rows) {
    return rows.stream()
        .filter(r -> r.shape().migProfile() == null)
        .map(RatedRow::quantityHours)
        .reduce(Rational.ZERO, Rational::add)
        .toDecimal12();
  }

  private static String seconds(long millis) {
    return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
  }
}
