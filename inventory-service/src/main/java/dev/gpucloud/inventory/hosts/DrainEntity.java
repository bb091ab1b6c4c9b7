package dev.gpucloud.inventory.hosts;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A drain as administration reads it; {@link Drains} and {@link HostMoves} change the row. */
@Entity
@Immutable
@Table(name = "host_drain")
public class DrainEntity {
  @Id UUID id;
  UUID hostId;
  String goal;
  Instant deadline;
  String reason;
  @Nullable UUID windowId;
  String state;
  String requestedBy;
  Instant requestedAt;
  @Nullable Instant endedAt;

  protected DrainEntity() {}
}
