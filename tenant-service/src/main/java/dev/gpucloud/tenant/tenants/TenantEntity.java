package dev.gpucloud.tenant.tenants;

import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.BillingMode;
import dev.gpucloud.tenant.engine.BusinessNumber;
import dev.gpucloud.tenant.engine.Contacts;
import dev.gpucloud.tenant.engine.Segment;
import dev.gpucloud.tenant.engine.SuspensionPolicy;
import dev.gpucloud.tenant.engine.TenantKind;
import dev.gpucloud.tenant.engine.TenantSpec;
import dev.gpucloud.tenant.engine.TenantState;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's row. {@code version} grows by one with each change that is one: it is the ETag and the
 * sequence of the event that tells the change.
 */
@Entity
@DynamicUpdate
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

  @Column(name = "parent_slug")
  private @Nullable String parentSlug;

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

  @Convert(converter = ContactsConverter.class)
  private Contacts contacts;

  @Enumerated(EnumType.STRING)
  @Column(name = "on_suspension")
  private SuspensionPolicy.Running onSuspension;

  @Column(name = "notice_hours")
  private @Nullable Integer noticeHours;

  @Column(name = "state_since")
  private @Nullable Instant stateSince;

  @Column(name = "suspended_at")
  private @Nullable Instant suspendedAt;

  @Column(name = "stop_at")
  private @Nullable Instant stopAt;

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
    tenant.stateSince = now;
    tenant.contacts = Contacts.NONE;
    tenant.onSuspension = SuspensionPolicy.KEEP.running();
    tenant.set(spec, parentId);
    tenant.version = 1;
    tenant.createdAt = now;
    tenant.updatedAt = now;
    return tenant;
  }

  /** Takes on what the spec says; answers whether anything changed. */
  public boolean change(TenantSpec spec, @Nullable UUID newParentId, Instant now) {
    Told before = told();
    set(spec, newParentId);
    return countChange(before, now);
  }

  /** Takes on other contacts; answers whether anything changed. */
  boolean reach(Contacts newContacts, Instant now) {
    Told before = told();
    contacts = newContacts;
    return countChange(before, now);
  }

  /** Goes to another state, which its {@link dev.gpucloud.tenant.engine.TenantLife} allows. */
  public boolean enter(TenantState next, @Nullable String reason, Instant now) {
    Told before = told();
    suspendedAt =
        switch (next) {
          case SUSPENDED -> now;
          case CLOSING -> suspendedAt; // what was to be stopped still is
          default -> null;
        };
    state = next;
    stateReason = reason;
    stateSince = now;
    announceStop();
    return countChange(before, now);
  }

  /** What runs is stopped at the end of the notice, counted from the suspension. */
  private void announceStop() {
    stopAt = suspendedAt == null ? null : suspensionPolicy().stopAt(suspendedAt).orElse(null);
  }

  /** Everything that a new version is counted for. */
  private record Told(TenantFact fact, Contacts contacts, SuspensionPolicy policy) {}

  private Told told() {
    return new Told(fact(), contacts, suspensionPolicy());
  }

  private boolean countChange(Told before, Instant now) {
    if (before.equals(told())) {
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
    parentSlug = newParentId == null ? null : Objects.requireNonNull(spec.parent());
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
    contacts = spec.contacts() == null ? contacts : spec.contacts();
    SuspensionPolicy policy = spec.suspensionPolicy();
    if (policy != null) {
      onSuspension = policy.running();
      noticeHours = policy.noticeHours();
      announceStop();
    }
  }

  /** What it is declared to be now, with the slug of its parent. */
  public TenantSpec spec(@Nullable String parentSlug) {
    TenantFact fact = fact();
    return new TenantSpec(
        slug,
        name,
        kind,
        segment,
        parentSlug,
        billingMode,
        businessNumber,
        fact.programme(),
        fact.residency(),
        contacts,
        suspensionPolicy());
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
            : new TenantFact.Residency(residencyCountry, residencyMinCsapZone),
        suspendedAt == null
            ? null
            : new TenantFact.Suspension(
                Objects.requireNonNullElse(stateReason, "suspended"), suspendedAt, stopAt));
  }

  /**
   * Refuses what makes no sense for a tenant on its way out.
   *
   * @param without what it does not do any more, such as "takes no members"
   */
  public void requireStaying(String without) {
    if (state == TenantState.CLOSING || state == TenantState.CLOSED) {
      throw ProblemType.STATE_CONFLICT
          .because("The tenant is %s and %s any more.".formatted(state, without))
          .with("state", state);
    }
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

  /**
   * When it came to its state; for one that has not moved since there is a history, its last edit.
   */
  Instant stateSince() {
    return Objects.requireNonNullElse(stateSince, updatedAt);
  }

  public Contacts contacts() {
    return contacts;
  }

  public SuspensionPolicy suspensionPolicy() {
    return new SuspensionPolicy(onSuspension, noticeHours);
  }

  public @Nullable TenantId parent() {
    return parentId == null ? null : new TenantId(parentId);
  }

  /** The slug of its parent, which is fixed. */
  @Nullable String parentSlug() {
    return parentSlug;
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
