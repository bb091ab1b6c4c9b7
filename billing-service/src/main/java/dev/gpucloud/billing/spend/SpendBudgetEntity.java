package dev.gpucloud.billing.spend;

import dev.gpucloud.billing.spend.engine.BudgetMeter;
import dev.gpucloud.billing.spend.engine.BudgetTerms;
import dev.gpucloud.billing.spend.engine.Threshold;
import dev.gpucloud.contracts.event.SpendBudgetFact;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.SpendBudgetId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A budget of won with what was found at the last look. {@code version} counts changes of the
 * terms, {@code sequence} the events, which looks make as well.
 */
@Entity
@Table(name = "spend_budget")
@SuppressWarnings("NullAway.Init")
class SpendBudgetEntity {
  @Id UUID id;
  UUID tenantId;
  @Nullable UUID projectId;
  @Nullable String projectSlug;
  String name;
  long amountKrw;
  String[] thresholds;
  @Nullable Integer stopAtPercent;
  long version;
  long sequence;
  String createdBy;
  Instant createdAt;
  Instant updatedAt;
  String month;
  BigDecimal spentKrw;
  BigDecimal forecastKrw;
  String[] told;
  boolean stopped;
  @Nullable Instant lookedAt;
  @Nullable Instant nextLookAt;

  /** For Hibernate. */
  protected SpendBudgetEntity() {}

  /** Whose spending a budget is about. */
  record Scope(TenantId tenant, @Nullable ProjectId project, @Nullable String projectSlug) {}

  static SpendBudgetEntity of(
      Scope scope, SetSpendBudgetRequest.Asked asked, String by, Instant now) {
    var budget = new SpendBudgetEntity();
    budget.id = Ids.next();
    budget.tenantId = scope.tenant().value();
    budget.projectId = scope.project() == null ? null : scope.project().value();
    budget.projectSlug = scope.projectSlug();
    budget.createdBy = by;
    budget.createdAt = now;
    budget.take(BudgetMeter.fresh(BillingMonth.of(now)));
    budget.set(asked, now);
    return budget;
  }

  /** Other terms; what they mean for what is spent is the meter's to say. */
  void set(SetSpendBudgetRequest.Asked asked, Instant now) {
    name = asked.name();
    amountKrw = asked.terms().amountKrw();
    thresholds = texts(asked.terms().thresholds());
    stopAtPercent = asked.terms().stopAtPercent();
    version++;
    updatedAt = now;
    nextLookAt = null;
  }

  BudgetTerms terms() {
    return new BudgetTerms(amountKrw, parsed(thresholds), stopAtPercent);
  }

  BudgetMeter meter() {
    return new BudgetMeter(
        BillingMonth.parse(month),
        Rational.of(spentKrw),
        Rational.of(forecastKrw),
        parsed(told),
        stopped);
  }

  void take(BudgetMeter meter) {
    month = meter.month().toString();
    spentKrw = new BigDecimal(meter.spent().toDecimal12());
    forecastKrw = new BigDecimal(meter.forecast().toDecimal12());
    told = texts(meter.told());
    stopped = meter.stopped();
  }

  /** The number of the next event. */
  long tell() {
    return ++sequence;
  }

  SpendBudgetId id() {
    return new SpendBudgetId(id);
  }

  TenantId tenant() {
    return new TenantId(tenantId);
  }

  @Nullable ProjectId project() {
    return projectId == null ? null : new ProjectId(projectId);
  }

  /** How it stands, with the highest threshold that an event is about. */
  SpendBudgetFact fact(@Nullable Integer reachedPct, boolean stops, Instant at) {
    BudgetMeter meter = meter();
    return new SpendBudgetFact(
        id(),
        tenant(),
        project(),
        projectSlug,
        name,
        month,
        amountKrw,
        meter.spent().floorToLong(),
        meter.forecast().floorToLong(),
        reachedPct,
        stopAtPercent,
        stops,
        meter.month().end(),
        at);
  }

  private static String[] texts(SortedSet<Threshold> thresholds) {
    return thresholds.stream().map(Threshold::toString).toArray(String[]::new);
  }

  private static SortedSet<Threshold> parsed(String[] texts) {
    return Arrays.stream(texts)
        .map(Threshold::parse)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
