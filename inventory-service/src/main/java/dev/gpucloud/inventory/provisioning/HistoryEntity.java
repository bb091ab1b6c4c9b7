package dev.gpucloud.inventory.provisioning;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A line of an instance's history; appended with the event of the same sequence. */
@Entity
@Immutable
@IdClass(HistoryEntity.Key.class)
@Table(name = "instance_history")
public class HistoryEntity {
  @Id UUID instanceId;
  @Id long sequence;
  UUID tenantId;
  String eventType;
  String state;
  @Nullable String reason;
  @Nullable UUID runId;
  String actor;
  Instant at;

  protected HistoryEntity() {}

  /** Instance and sequence. */
  public record Key(UUID instanceId, long sequence) {}
}
