package dev.gpucloud.billing.usage;

import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.billing.rating.engine.Rating.Unpriced;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a month came to so far, before credits and VAT: totals over everything, and a page of runs.
 * Amounts are exact won with 12 decimals, as the invoice would have them: with contracts, tiers,
 * commitments (what they cover costs nothing here) and grants. A run that goes on counts up to
 * {@code through}.
 */
@Schema(name = "Usage")
record UsageView(
    BillingMonth month,
    Instant from,
    Instant through,
    String currency,
    String exactAmount,
    String gpuHours,
    List<ProjectTotal> projects,
    List<ModelTotal> models,
    List<InstanceTotal> instances,
    List<UnpricedUsage> unpriced,
    List<RunView> items,
    @Nullable String nextPageToken) {

  /** Most instances named with a total of their own; the dearest come first. */
  private static final int MOST_INSTANCES = 1000;

  /** A project by id and slug. */
  @Schema(name = "UsageProject")
  record ProjectName(ProjectId id, String slug) {}

  /** An instance by id and name. */
  @Schema(name = "UsageInstance")
  record InstanceName(InstanceId id, String name) {}

  /** Usage of one project. */
  @Schema(name = "UsageProjectTotal")
  record ProjectTotal(ProjectName project, String gpuHours, String exactAmount) {}

  /** Usage of one GPU model; {@code gpuHours} are those of whole GPUs. */
  @Schema(name = "UsageModelTotal")
  record ModelTotal(String gpuModel, String gpuHours, String exactAmount) {}

  /** Usage of one instance. */
  @Schema(name = "UsageInstanceTotal")
  record InstanceTotal(
      InstanceName instance, String instanceType, String gpuHours, String exactAmount) {}

  /** Usage of one run within the month; {@code end} is absent while it goes on. */
  @Schema(name = "UsageRun")
  record RunView(
      ProjectName project,
      InstanceName instance,
      String instanceType,
      String sku,
      int gpus,
      Instant start,
      @Nullable Instant end,
      String billedSeconds,
      String exactAmount,
      RunId runId) {}

  /** Usage for which no price is in force; it is not in the amounts. */
  @Schema(name = "UnpricedUsage")
  record UnpricedUsage(String sku, Instant from) {}

  /** Of a tenant for which nobody pays yet. */
  static UsageView none(BillingMonth month, Instant through, PageRequest request) {
    return of(month, through, List.of(), List.of(), Map.of(), request);
  }

  static UsageView of(
      BillingMonth month,
      Instant through,
      List<Part> parts,
      List<Unpriced> unpriced,
      Map<RunId, Instant> ends,
      PageRequest request) {
    Page<RunView> page = page(parts, ends, request);
    return new UsageView(
        month,
        month.start(),
        through,
        "KRW",
        amount(parts),
        gpuHours(parts),
        grouped(parts, p -> p.row().scope().projectId().toString()).stream()
            .map(UsageView::project)
            .toList(),
        grouped(parts, p -> p.row().shape().gpuModel()).stream().map(UsageView::model).toList(),
        grouped(parts, p -> p.row().instanceId().toString()).stream()
            .map(UsageView::instance)
            .sorted(
                Comparator.comparing((InstanceTotal i) -> new BigDecimal(i.exactAmount()))
                    .reversed())
            .limit(MOST_INSTANCES)
            .toList(),
        unpriced.stream().map(u -> new UnpricedUsage(u.sku(), u.from())).toList(),
        page.items(),
        page.nextPageToken());
  }

  /** A run in each of its projects is one item; a moved run has several. */
  private static Page<RunView> page(
      List<Part> parts, Map<RunId, Instant> ends, PageRequest request) {
    String after = request.after().getOrDefault("run", "");
    List<RunView> runs =
        grouped(parts, p -> p.row().runId() + " " + p.row().scope().projectId()).stream()
            .map(g -> run(g, ends))
            .filter(r -> position(r).compareTo(after) > 0)
            .sorted(Comparator.comparing(UsageView::position))
            .limit(request.limit())
            .toList();
    return request.page(runs, r -> r, r -> Map.of("run", position(r)));
  }

  private static String position(RunView r) {
    return "%020d %s %s"
        .formatted(r.start().toEpochMilli(), r.runId().toString(), r.project().id().toString());
  }

  private static ProjectTotal project(List<Part> parts) {
    return new ProjectTotal(nameOf(parts.getLast().row()), gpuHours(parts), amount(parts));
  }

  private static ModelTotal model(List<Part> parts) {
    return new ModelTotal(parts.getLast().row().shape().gpuModel(), gpuHours(parts), amount(parts));
  }

  private static ProjectName nameOf(RatedRow row) {
    return new ProjectName(row.scope().projectId(), row.scope().projectSlug());
  }

  private static InstanceTotal instance(List<Part> parts) {
    RatedRow last = parts.getLast().row();
    return new InstanceTotal(
        new InstanceName(last.instanceId(), last.instanceName()),
        last.shape().instanceType(),
        gpuHours(parts),
        amount(parts));
  }

  private static RunView run(List<Part> parts, Map<RunId, Instant> ends) {
    RatedRow last = parts.getLast().row();
    long millis = parts.stream().map(Part::row).distinct().mapToLong(RatedRow::billedMillis).sum();
    return new RunView(
        nameOf(last),
        new InstanceName(last.instanceId(), last.instanceName()),
        last.shape().instanceType(),
        last.price().sku(),
        last.shape().gpus(),
        parts.getFirst().row().start(),
        ends.get(last.runId()),
        seconds(millis),
        amount(parts),
        last.runId());
  }

  /** Shares of a row stand together. */
  private static List<List<Part>> grouped(List<Part> parts, Function<Part, String> key) {
    return parts.stream()
        .sorted(Comparator.comparing(Part::row, RatedRow.BY_USAGE_TIME))
        .collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()))
        .values()
        .stream()
        .toList();
  }

  private static String amount(List<Part> parts) {
    return parts.stream().map(Part::amount).reduce(Rational.ZERO, Rational::add).toDecimal12();
  }

  /** Whole GPUs only: a slice is sold by the instance-hour. */
  private static String gpuHours(List<Part> parts) {
    return parts.stream()
        .filter(p -> p.row().shape().migProfile() == null)
        .map(Part::quantityHours)
        .reduce(Rational.ZERO, Rational::add)
        .toDecimal12();
  }

  private static String seconds(long millis) {
    return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
  }
}
