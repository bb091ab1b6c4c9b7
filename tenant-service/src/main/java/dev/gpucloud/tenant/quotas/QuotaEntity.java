package dev.gpucloud.tenant.quotas;

import dev.gpucloud.contracts.event.QuotaFact;
import dev.gpucloud.contracts.id.TenantId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's limit for one GPU model, in GPUs; null is no limit of its own. {@code version} grows
 * by one with each change, and inventory shows the version it has applied.
 */
@Entity
@Table(name = "quota")
@IdClass(QuotaEntity.Key.class)
public class QuotaEntity {
  /** Primary key of a quota. */
  public record Key(UUID tenantId, String model) {}

  @Id
  @Column(name = "tenant_id")
  private UUID tenantId;

  @Id private String model;

  @Column(name = "limit_gpus")
  private @Nullable Integer limitGpus;

  private long version;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected QuotaEntity() {}

  /** A new quota at version 1. */
  public static QuotaEntity of(
      TenantId tenant, String model, @Nullable Integer limitGpus, Instant now) {
    var quota = new QuotaEntity();
    quota.tenantId = tenant.value();
    quota.model = model;
    quota.limitGpus = limitGpus;
    quota.version = 1;
    quota.createdAt = now;
    quota.updatedAt = now;
    return quota;
  }

  /** Sets the limit; answers whether it is another one. */
  public boolean change(@Nullable Integer newLimitGpus, Instant now) {
    if (Objects.equals(limitGpus, newLimitGpus)) {
      return false;
    }
    limitGpus = newLimitGpus;
    version++;
    updatedAt = now;
    return true;
  }

  /** What other services are told. */
  public QuotaFact fact() {
    return new QuotaFact(tenant(), model, limitGpus, version);
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
