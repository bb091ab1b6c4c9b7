package dev.gpucloud.inventory.faults;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A fault as administration reads it; {@link Faults} appends it. */
@Entity
@Immutable
@Table(name = "gpu_fault")
public class FaultEntity {
  @Id UUID id;
  UUID hostId;
  String hostName;
  String siteId;
  @Nullable Integer gpu;
  int xid;
  Instant at;
  Instant loggedAt;
  @Nullable String message;
  String action;
  String decision;
  String reason;
  Instant recordedAt;

  protected FaultEntity() {}
}
