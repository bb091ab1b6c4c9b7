package dev.gpucloud.tenant.applications;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantApplicationId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.BillingMode;
import dev.gpucloud.tenant.engine.BusinessNumber;
import dev.gpucloud.tenant.engine.Contacts;
import dev.gpucloud.tenant.engine.Segment;
import dev.gpucloud.tenant.engine.TenantKind;
import dev.gpucloud.tenant.engine.TenantSpec;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.tenants.Actor;
import dev.gpucloud.tenant.tenants.ContactsConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An application's row; it belongs to the person who asks, and its version is its ETag. */
@Entity
@Table(name = "tenant_application")
class ApplicationEntity {
  @Id
  @Column(name = "application_id")
  private UUID id;

  private String subject;
  private String username;
  private String slug;
  private String name;

  @Enumerated(EnumType.STRING)
  private TenantKind kind;

  @Enumerated(EnumType.STRING)
  private @Nullable Segment segment;

  @Column(name = "parent_slug")
  private @Nullable String parentSlug;

  @Enumerated(EnumType.STRING)
  @Column(name = "billing_mode")
  private BillingMode billingMode;

  @Column(name = "business_number")
  private @Nullable String businessNumber;

  @Convert(converter = ContactsConverter.class)
  private Contacts contacts;

  @Column(name = "project_slug")
  private String projectSlug;

  private @Nullable String purpose;

  @Enumerated(EnumType.STRING)
  private TenantState state;

  private @Nullable String note;

  @Column(name = "decided_by")
  private @Nullable String decidedBy;

  @Column(name = "decided_at")
  private @Nullable Instant decidedAt;

  @Column(name = "opened_tenant")
  private @Nullable UUID openedTenant;

  private long version;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected ApplicationEntity() {}

  /** A new one; it has passed every rule. */
  static ApplicationEntity of(Application asked, Actor by, Instant now) {
    TenantSpec spec = asked.spec();
    var row = new ApplicationEntity();
    row.id = Ids.next();
    row.subject = by.subject();
    row.username = by.name();
    row.slug = spec.slug();
    row.name = Objects.requireNonNull(spec.name());
    row.kind = Objects.requireNonNull(spec.kind());
    row.segment = spec.segment();
    row.parentSlug = spec.parent();
    row.billingMode = Objects.requireNonNull(spec.billingMode());
    row.businessNumber =
        spec.businessNumber() == null ? null : new BusinessNumber(spec.businessNumber()).value();
    row.contacts = Objects.requireNonNull(spec.contacts());
    row.projectSlug = asked.project();
    row.purpose = asked.purpose();
    row.state = TenantState.APPLIED;
    row.version = 1;
    row.createdAt = now;
    row.updatedAt = now;
    return row;
  }

  /** Goes to a state that its life allows. */
  void enter(TenantState next, Instant now) {
    state = next;
    version++;
    updatedAt = now;
  }

  /** Notes who decided what; {@code tenant} is the one that was opened, if any. */
  void decided(Actor by, @Nullable String newNote, @Nullable TenantId tenant, Instant now) {
    decidedBy = by.subject();
    decidedAt = now;
    note = newNote;
    openedTenant = tenant == null ? null : tenant.value();
  }

  TenantSpec spec() {
    return new TenantSpec(
        slug,
        name,
        kind,
        segment,
        parentSlug,
        billingMode,
        businessNumber,
        null,
        null,
        contacts,
        null);
  }

  TenantApplicationId id() {
    return new TenantApplicationId(id);
  }

  Actor applicant() {
    return new Actor(subject, username);
  }

  String projectSlug() {
    return projectSlug;
  }

  @Nullable String purpose() {
    return purpose;
  }

  TenantState state() {
    return state;
  }

  @Nullable String note() {
    return note;
  }

  @Nullable String decidedBy() {
    return decidedBy;
  }

  @Nullable Instant decidedAt() {
    return decidedAt;
  }

  @Nullable TenantId openedTenant() {
    return openedTenant == null ? null : new TenantId(openedTenant);
  }

  long version() {
    return version;
  }

  Instant createdAt() {
    return createdAt;
  }

  Instant updatedAt() {
    return updatedAt;
  }
}
