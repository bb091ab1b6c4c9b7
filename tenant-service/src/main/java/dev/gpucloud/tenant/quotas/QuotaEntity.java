package dev.gpucloud.tenant.quotas;

import dev.gpucloud.contracts.event.QuotaFact;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.engine.QuotaTerms;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's or project's limit for one GPU model over all sites or at one, in GPUs; null is no
 * limit of its own. {@code version} grows by one with each change, and inventory shows the version
 * it has applied.
 */
@Entity
@Table(name = "quota")
@IdClass(QuotaEntity.Key.class)
public class QuotaEntity {
  /** Primary key of a quota. */
  public record Key(UUID scopeId, String model, String site) {
    static Key of(QuotaScope scope, String model) {
      return new Key(scope.id(), model, scope.site());
    }
  }

  @Id
  @Column(name = "scope_id")
  private UUID scopeId;

  @Id private String model;

  @Id private String site;

  @Column(name = "tenant_id")
  private UUID tenantId;

  @Column(name = "project_id")
  private @Nullable UUID projectId;

  @Column(name = "limit_gpus")
  private @Nullable Integer limitGpus;

  @Column(name = "guaranteed_gpus")
  private @Nullable Integer guaranteedGpus;

  @Column(name = "borrow_limit_gpus")
  private @Nullable Integer borrowLimitGpus;

  private long version;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected QuotaEntity() {}

  /** A new quota at version 1. */
  public static QuotaEntity of(QuotaScope scope, String model, QuotaTerms terms, Instant now) {
    var quota = new QuotaEntity();
    quota.scopeId = scope.id();
    quota.tenantId = scope.tenant().value();
    quota.projectId = scope.project() == null ? null : scope.project().value();
    quota.site = scope.site();
    quota.model = model;
    quota.set(terms);
    quota.version = 1;
    quota.createdAt = now;
    quota.updatedAt = now;
    return quota;
  }

  /** Sets the terms; answers whether they are others. */
  public boolean change(QuotaTerms terms, Instant now) {
    if (terms.equals(terms())) {
      return false;
    }
    set(terms);
    version++;
    updatedAt = now;
    return true;
  }

  private void set(QuotaTerms terms) {
    limitGpus = terms.limitGpus();
    guaranteedGpus = terms.guaranteedGpus();
    borrowLimitGpus = terms.borrowLimitGpus();
  }

  /** Limit, guarantee and borrow limit. */
  public QuotaTerms terms() {
    return new QuotaTerms(limitGpus, guaranteedGpus, borrowLimitGpus);
  }

  /** What other services are told. */
  public QuotaFact fact() {
    return new QuotaFact(
        tenant(),
        model,
        limitGpus,
        version,
        project(),
        siteOrNull(),
        guaranteedGpus,
        borrowLimitGpus);
  }

  public @Nullable ProjectId project() {
    return projectId == null ? null : new ProjectId(projectId);
  }

  /** The empty text is all sites. */
  public String site() {
    return site;
  }

  public @Nullable String siteOrNull() {
    return site.isEmpty() ? null : site;
  }

  UUID scopeId() {
    return scopeId;
  }

  /** What it binds. */
  public QuotaScope scope() {
    return new QuotaScope(tenant(), project(), site);
  }

  /** As the rules name it. */
  public QuotaRules.Key key(String tenantSlug) {
    return scope().key(tenantSlug, model);
  }

  public TenantId tenant() {
    return new TenantId(tenantId);
  }

  public String model() {
    return model;
  }

  public @Nullable Integer limitGpus() {
    return limitGpus;
  }

  public long version() {
    return version;
  }

  public Instant updatedAt() {
    return updatedAt;
  }
}
