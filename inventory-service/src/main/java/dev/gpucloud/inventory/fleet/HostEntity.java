package dev.gpucloud.inventory.fleet;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A host as administration reads it. The writer and the import change the row by statement. */
@Entity
@Immutable
@Table(name = "host")
public class HostEntity {
  @Id UUID id;
  String name;
  String serial;
  String siteId;
  String hallId;
  String fabricId;
  String rackId;
  String modelId;
  String deliveryId;
  int gpus;
  String state;
  @Nullable String stateBefore;
  @Nullable String stateReason;

  @Column(name = "free_mask")
  long freeMask;

  @Column(name = "bad_mask")
  long badMask;

  int vcpus;
  int memoryGib;
  int freeVcpus;
  int freeMemoryGib;
  @Nullable Instant lastSeenAt;
  @Nullable Instant unreachableSince;
  String labels;
  long version;

  protected HostEntity() {}
}
