package dev.gpucloud.inventory.hosts;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A line of a host's history; {@link HostMoves} appends it with the move. */
@Entity
@Immutable
@IdClass(HostHistoryEntity.Key.class)
@Table(name = "host_history")
public class HostHistoryEntity {
  @Id UUID hostId;
  @Id long sequence;
  @Nullable String fromState;
  String toState;
  @Nullable String reason;
  String actor;
  Instant at;

  protected HostHistoryEntity() {}

  /** Host and sequence. */
  public record Key(UUID hostId, long sequence) {}
}
