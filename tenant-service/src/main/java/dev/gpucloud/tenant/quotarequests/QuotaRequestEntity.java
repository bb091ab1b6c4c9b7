package dev.gpucloud.tenant.quotarequests;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.QuotaRequestId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.quotas.QuotaScope;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.jspecify.annotations.Nullable;

/** A tenant's request for a higher limit, and what became of it. Kept for good as its history. */
@Entity
@Table(name = "quota_request")
public class QuotaRequestEntity {
  @Id private UUID id;

  @Column(name = "tenant_id")
  private UUID tenantId;

  @Formula("(select t.slug from tenant t where t.tenant_id = tenant_id)")
  private String tenantSlug;

  @Column(name = "parent_id")
  private @Nullable UUID parentId;

  @Column(name = "project_id")
  private @Nullable UUID projectId;

  private String model;
  private String site;

  @Column(name = "wanted_gpus")
  private int wantedGpus;

  private String reason;

  @Enumerated(EnumType.STRING)
  private QuotaRequestState state;

  @Column(name = "granted_gpus")
  private @Nullable Integer grantedGpus;

  private @Nullable String note;

  @Column(name = "quota_version")
  private @Nullable Long quotaVersion;

  @Column(name = "created_by")
  private String createdBy;

  @Column(name = "decided_by")
  private @Nullable String decidedBy;

  private long version;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "decided_at")
  private @Nullable Instant decidedAt;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected QuotaRequestEntity() {}

  /** What is asked for, by whom. */
  record Ask(
      QuotaScope scope,
      String tenantSlug,
      @Nullable TenantId parent,
      String model,
      int wantedGpus,
      String reason,
      String by) {}

  static QuotaRequestEntity open(Ask ask, Instant now) {
    var request = new QuotaRequestEntity();
    request.id = Ids.next();
    request.tenantId = ask.scope().tenant().value();
    request.tenantSlug = ask.tenantSlug();
    request.parentId = ask.parent() == null ? null : ask.parent().value();
    request.projectId = ask.scope().project() == null ? null : ask.scope().project().value();
    request.model = ask.model();
    request.site = ask.scope().site();
    request.wantedGpus = ask.wantedGpus();
    request.reason = ask.reason();
    request.state = QuotaRequestState.OPEN;
    request.createdBy = ask.by();
    request.version = 1;
    request.createdAt = now;
    return request;
  }

  /** The limit is now {@code gpus}, at this version of the quota. */
  void grant(int gpus, long ofQuotaVersion, Closing closing) {
    grantedGpus = gpus;
    quotaVersion = ofQuotaVersion;
    close(
        gpus < wantedGpus ? QuotaRequestState.PARTIALLY_GRANTED : QuotaRequestState.GRANTED,
        closing);
  }

  /** Who ended it, when and why. */
  record Closing(String by, @Nullable String note, Instant at) {}

  void close(QuotaRequestState end, Closing closing) {
    state = end;
    decidedBy = closing.by();
    note = closing.note();
    decidedAt = closing.at();
    version++;
  }

  QuotaRequestId id() {
    return new QuotaRequestId(id);
  }

  TenantId tenant() {
    return new TenantId(tenantId);
  }

  String tenantSlug() {
    return tenantSlug;
  }

  @Nullable ProjectId project() {
    return projectId == null ? null : new ProjectId(projectId);
  }

  QuotaScope scope() {
    return new QuotaScope(tenant(), project(), site);
  }

  String model() {
    return model;
  }

  @Nullable String siteOrNull() {
    return site.isEmpty() ? null : site;
  }

  int wantedGpus() {
    return wantedGpus;
  }

  String reason() {
    return reason;
  }

  QuotaRequestState state() {
    return state;
  }

  @Nullable Integer grantedGpus() {
    return grantedGpus;
  }

  @Nullable String note() {
    return note;
  }

  @Nullable Long quotaVersion() {
    return quotaVersion;
  }

  String createdBy() {
    return createdBy;
  }

  @Nullable String decidedBy() {
    return decidedBy;
  }

  long version() {
    return version;
  }

  Instant createdAt() {
    return createdAt;
  }

  @Nullable Instant decidedAt() {
    return decidedAt;
  }
}
