package dev.gpucloud.inventory.provisioning;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** The row of an operation; written once, ended with the change that ends it. */
@Entity
@Immutable
@Table(name = "operation")
public class OperationEntity {
  @Id UUID id;
  UUID tenantId;
  UUID projectId;
  UUID instanceId;
  String kind;
  String state;
  @Nullable String reason;
  String createdBy;
  Instant createdAt;
  @Nullable Instant doneAt;

  protected OperationEntity() {}
}
