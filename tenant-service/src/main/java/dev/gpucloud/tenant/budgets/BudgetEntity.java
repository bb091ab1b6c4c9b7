package dev.gpucloud.tenant.budgets;

import dev.gpucloud.contracts.event.BudgetFact;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.budgets.engine.BudgetMeter;
import dev.gpucloud.tenant.budgets.engine.BudgetWindow;
import dev.gpucloud.tenant.usage.GpuUsage;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * GPU-hours of a model that a tenant or project may use within a window. {@code version} counts
 * changes of the terms, {@code sequence} the events, which the use makes as well.
 */
@Entity
@Table(name = "gpu_budget")
@IdClass(BudgetEntity.Key.class)
public class BudgetEntity {
  /** Primary key of a budget. */
  public record Key(UUID scopeId, String model) {}

  @Id
  @Column(name = "scope_id")
  private UUID scopeId;

  @Id private String model;

  @Column(name = "tenant_id")
  private UUID tenantId;

  @Column(name = "project_id")
  private @Nullable UUID projectId;

  @Column(name = "limit_gpu_hours")
  private @Nullable Long limitGpuHours;

  @Column(name = "custom_from")
  private @Nullable Instant customFrom;

  @Column(name = "custom_to")
  private @Nullable Instant customTo;

  @Column(name = "warn_at_pct")
  private Integer[] warnAtPct;

  @Column(name = "window_from")
  private Instant windowFrom;

  @Column(name = "window_to")
  private Instant windowTo;

  @Column(name = "used_seconds")
  private long usedSeconds;

  @Column(name = "warned_pct")
  private int warnedPct;

  private boolean exhausted;
  private long version;
  private long sequence;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected BudgetEntity() {}

  /** Whom a budget binds, and for which model. */
  record Scope(TenantId tenant, @Nullable ProjectId project, String model) {
    Key key() {
      return new Key(project == null ? tenant.value() : project.value(), model);
    }
  }

  static BudgetEntity of(Scope scope, BudgetTerms terms, Instant now) {
    var budget = new BudgetEntity();
    budget.scopeId = scope.key().scopeId();
    budget.model = scope.model();
    budget.tenantId = scope.tenant().value();
    budget.projectId = scope.project() == null ? null : scope.project().value();
    budget.createdAt = now;
    budget.set(terms, now);
    budget.take(BudgetMeter.fresh(budget.windowAt(now)));
    return budget;
  }

  /** Other terms; the caller reads the meter anew and tells. */
  void set(BudgetTerms terms, Instant now) {
    limitGpuHours = terms.limitGpuHours();
    customFrom = terms.window() == null ? null : terms.window().from();
    customTo = terms.window() == null ? null : terms.window().to();
    warnAtPct = terms.warnAtPct().toArray(Integer[]::new);
    version++;
    updatedAt = now;
  }

  BudgetTerms terms() {
    BudgetWindow custom =
        customFrom == null || customTo == null ? null : new BudgetWindow(customFrom, customTo);
    return new BudgetTerms(limitGpuHours, custom, List.copyOf(Arrays.asList(warnAtPct)));
  }

  BudgetWindow windowAt(Instant now) {
    BudgetWindow custom = terms().window();
    return custom == null ? BudgetWindow.monthOf(now) : custom;
  }

  BudgetMeter meter() {
    return new BudgetMeter(
        new BudgetWindow(windowFrom, windowTo), usedSeconds, warnedPct, exhausted);
  }

  void take(BudgetMeter meter) {
    windowFrom = meter.window().from();
    windowTo = meter.window().to();
    usedSeconds = meter.usedSeconds();
    warnedPct = meter.warnedPct();
    exhausted = meter.exhausted();
  }

  /** The number of the next event. */
  long tell() {
    return ++sequence;
  }

  GpuUsage.Of usage() {
    return new GpuUsage.Of(tenantId, projectId, model);
  }

  BudgetFact fact() {
    return new BudgetFact(
        tenant(),
        project(),
        model,
        limitGpuHours,
        usedSeconds,
        warnedPct,
        exhausted,
        windowFrom,
        windowTo);
  }

  TenantId tenant() {
    return new TenantId(tenantId);
  }

  @Nullable ProjectId project() {
    return projectId == null ? null : new ProjectId(projectId);
  }

  String model() {
    return model;
  }

  UUID scopeId() {
    return scopeId;
  }

  long version() {
    return version;
  }

  Instant updatedAt() {
    return updatedAt;
  }
}
