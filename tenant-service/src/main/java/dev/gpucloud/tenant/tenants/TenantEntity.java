package dev.gpucloud.tenant.tenants;

import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.BillingMode;
import dev.gpucloud.tenant.engine.BusinessNumber;
import dev.gpucloud.tenant.engine.Segment;
import dev.gpucloud.tenant.engine.TenantKind;
import dev.gpucloud.tenant.engine.TenantSpec;
import dev.gpucloud.tenant.engine.TenantState;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's row. {@code version} grows by one with each change that is one: it is the ETag and the
 * sequence of the event that tells the change.
 */
@Entity
@Table(name = "tenant")
public class TenantEntity {
  @Id
  @Column(name = "tenant_id")
  private UUID id;

  private String slug;
  private String name;

  @Enumerated(EnumType.STRING)
  private TenantKind kind;

  @Enumerated(EnumType.STRING)
  private @Nullable Segment segment;

  @Column(name = "parent_id")
  private @Nullable UUID parentId;

  @Enumerated(EnumType.STRING)
  private TenantState state;

  @Column(name = "state_reason")
  private @Nullable String stateReason;

  @Enumerated(EnumType.STRING)
  @Column(name = "billing_mode")
  private @Nullable BillingMode billingMode;

  @Column(name = "business_number")
  private @Nullable String businessNumber;

  @Column(name = "programme_name")
  private @Nullable String programmeName;

  @Column(name = "programme_credit_krw")
  private @Nullable Long programmeCreditKrw;

  @Column(name = "programme_customer_share_pct")
  private @Nullable Integer programmeCustomerSharePct;

  @Column(name = "programme_expires")
  private @Nullable LocalDate programmeExpires;

  @Column(name = "residency_country")
  private @Nullable String residencyCountry;

  @Column(name = "residency_min_csap_zone")
  private @Nullable String residencyMinCsapZone;

  private long version;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected TenantEntity() {}

  /** A new ACTIVE tenant; the spec has passed every rule. */
  public static TenantEntity open(TenantSpec spec, @Nullable UUID parentId, Instant now) {
    var tenant = new TenantEntity();
    tenant.id = Ids.next();
    tenant.slug = spec.slug();
    tenant.kind = Objects.requireNonNull(spec.kind());
    tenant.state = TenantState.ACTIVE;
    tenant.set(spec, parentId);
    tenant.version = 1;
    tenant.createdAt = now;
    tenant.updatedAt = now;
    return tenant;
  }

  /** Takes on what the spec says; answers whether anything changed. */
  public boolean change(TenantSpec spec, @Nullable UUID newParentId, Instant now) {
    TenantFact before = fact();
    set(spec, newParentId);
    return countChange(before, now);
  }

  /** Goes to another state; the caller has asked {@link TenantState#next}. */
  public boolean enter(TenantState next, @Nullable String reason, Instant now) {
    TenantFact before = fact();
    state = next;
    stateReason = reason;
    return countChange(before, now);
  }

  private boolean countChange(TenantFact before, Instant now) {
    if (before.equals(fact())) {
      return false;
    }
    version++;
    updatedAt = now;
    return true;
  }

  private void set(TenantSpec spec, @Nullable UUID newParentId) {
    name = Objects.requireNonNull(spec.name());
    segment = spec.segment();
    parentId = newParentId;
    billingMode = spec.billingMode();
    businessNumber =
        spec.businessNumber() == null ? null : new BusinessNumber(spec.businessNumber()).value();
    TenantFact.Programme programme = spec.programme();
    programmeName = programme == null ? null : programme.name();
    programmeCreditKrw = programme == null ? null : programme.creditKrw();
    programmeCustomerSharePct = programme == null ? null : programme.customerSharePct();
    programmeExpires = programme == null ? null : programme.expires();
    TenantFact.Residency residency = spec.residency();
    residencyCountry = residency == null ? null : residency.country();
    residencyMinCsapZone = residency == null ? null : residency.minCsapZone();
  }

  /** What other services are told. */
  public TenantFact fact() {
    return new TenantFact(
        id(),
        slug,
        name,
        kind.name(),
        parent(),
        segment == null ? null : segment.name(),
        state.name(),
        billingMode == null ? null : billingMode.name(),
        businessNumber,
        programmeName == null
            ? null
            : new TenantFact.Programme(
                programmeName, programmeCreditKrw, programmeCustomerSharePct, programmeExpires),
        residencyCountry == null && residencyMinCsapZone == null
            ? null
            : new TenantFact.Residency(residencyCountry, residencyMinCsapZone));
  }

  public TenantId id() {
    return new TenantId(id);
  }

  public UUID uuid() {
    return id;
  }

  public String slug() {
    return slug;
  }

  public String name() {
    return name;
  }

  public TenantKind kind() {
    return kind;
  }

  public TenantState state() {
    return state;
  }

  public @Nullable String stateReason() {
    return stateReason;
  }

  public @Nullable TenantId parent() {
    return parentId == null ? null : new TenantId(parentId);
  }

  public long version() {
    return version;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }
}
