package dev.gpucloud.tenant.serviceaccounts;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.ServiceAccountId;
import dev.gpucloud.contracts.id.TenantId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An account's row; a deleted one stays, for its id stands in what it did. */
@Entity
@Table(name = "service_account")
class ServiceAccountEntity {
  @Id
  @Column(name = "account_id")
  private UUID id;

  @Column(name = "tenant_id")
  private UUID tenantId;

  private String name;
  private String description;
  private long version;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  @Column(name = "deleted_at")
  private @Nullable Instant deletedAt;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected ServiceAccountEntity() {}

  static ServiceAccountEntity of(TenantId tenant, String name, String description, Instant now) {
    var account = new ServiceAccountEntity();
    account.id = Ids.next();
    account.tenantId = tenant.value();
    account.name = name;
    account.description = description;
    account.version = 1;
    account.createdAt = now;
    account.updatedAt = now;
    return account;
  }

  void change(String newDescription, Instant now) {
    description = newDescription;
    version++;
    updatedAt = now;
  }

  void delete(Instant now) {
    deletedAt = now;
    version++;
    updatedAt = now;
  }

  ServiceAccountId id() {
    return new ServiceAccountId(id);
  }

  /** Its subject as a member and in tokens. */
  String subject() {
    return id().toString();
  }

  TenantId tenant() {
    return new TenantId(tenantId);
  }

  String name() {
    return name;
  }

  String description() {
    return description;
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

  boolean deleted() {
    return deletedAt != null;
  }
}
