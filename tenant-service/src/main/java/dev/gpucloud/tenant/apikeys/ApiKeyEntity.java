package dev.gpucloud.tenant.apikeys;

import dev.gpucloud.contracts.event.ApiKeyFact;
import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.key.ApiKey;
import dev.gpucloud.kit.access.TenantRole;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A key's row. Nothing of it changes but its last use and its end. */
@Entity
@Table(name = "api_key")
class ApiKeyEntity {
  @Id
  @Column(name = "key_id")
  private UUID id;

  @Column(name = "tenant_id")
  private UUID tenantId;

  private String subject;
  private String name;

  @Column(columnDefinition = "text[]")
  private String[] roles;

  @Column(columnDefinition = "text[]")
  private String[] projects;

  @Column(columnDefinition = "text[]")
  private String[] actions;

  @Column(name = "secret_hash")
  private byte[] secretHash;

  @Column(name = "created_by")
  private String createdBy;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "expires_at")
  private Instant expiresAt;

  @Column(name = "last_used_at")
  private @Nullable Instant lastUsedAt;

  @Column(name = "revoked_at")
  private @Nullable Instant revokedAt;

  @Column(name = "revoked_by")
  private @Nullable String revokedBy;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected ApiKeyEntity() {}

  static ApiKeyEntity of(ApiKey key, KeySpec spec, Instant now) {
    var row = new ApiKeyEntity();
    row.id = key.id().value();
    row.tenantId = spec.tenant().value();
    row.subject = spec.subject();
    row.name = spec.name();
    row.roles = spec.roles().stream().sorted().map(Enum::name).toArray(String[]::new);
    row.projects = spec.projects().stream().map(ProjectId::toString).toArray(String[]::new);
    row.actions = spec.actions().toArray(String[]::new);
    row.secretHash = key.secretHash();
    row.createdBy = spec.createdBy();
    row.createdAt = now;
    row.expiresAt = spec.expiresAt();
    return row;
  }

  /** Ends the key; false when it had ended already. */
  boolean revoke(String by, Instant now) {
    if (revokedAt != null) {
      return false;
    }
    revokedAt = now;
    revokedBy = by;
    return true;
  }

  ApiKeyFact fact() {
    return new ApiKeyFact(
        id(), new TenantId(tenantId), subject, revokedAt == null ? Instant.EPOCH : revokedAt);
  }

  ApiKeyId id() {
    return new ApiKeyId(id);
  }

  TenantId tenant() {
    return new TenantId(tenantId);
  }

  String subject() {
    return subject;
  }

  String name() {
    return name;
  }

  List<TenantRole> roles() {
    return Arrays.stream(roles).map(TenantRole::valueOf).toList();
  }

  List<ProjectId> projects() {
    return Arrays.stream(projects).map(ProjectId::parse).toList();
  }

  List<String> actions() {
    return List.of(actions);
  }

  byte[] secretHash() {
    return secretHash;
  }

  String createdBy() {
    return createdBy;
  }

  Instant createdAt() {
    return createdAt;
  }

  Instant expiresAt() {
    return expiresAt;
  }

  @Nullable Instant lastUsedAt() {
    return lastUsedAt;
  }

  @Nullable Instant revokedAt() {
    return revokedAt;
  }

  @Nullable String revokedBy() {
    return revokedBy;
  }
}
