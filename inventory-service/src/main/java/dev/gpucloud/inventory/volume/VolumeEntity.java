package dev.gpucloud.inventory.volume;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The row of a volume: AVAILABLE, IN_USE by one instance, DELETING until its site says that it is
 * gone, or DELETED.
 */
@Entity
@Table(name = "volume")
public class VolumeEntity {
  @Id UUID id;
  UUID tenantId;
  UUID projectId;
  String siteId;
  String name;
  int sizeGib;
  String state;
  @Nullable UUID instanceId;
  boolean boot;
  boolean deleteOnTermination;
  String createdBy;
  Instant createdAt;
  Instant updatedAt;
  long version;
  long orderSequence;
  @Nullable Instant orderDueAt;

  protected VolumeEntity() {}

  VolumeEntity(UUID id, String name, int sizeGib, String site) {
    this.id = id;
    this.name = name;
    this.sizeGib = sizeGib;
    this.siteId = site;
    this.state = "AVAILABLE";
    this.version = 1;
  }

  /** Its site is told to delete it, at the next look. */
  void leave(Instant at) {
    become("DELETING", null, at);
    orderSequence++;
    orderDueAt = Instant.EPOCH;
  }

  boolean isLeaving() {
    return state.equals("DELETING");
  }

  void become(String next, @Nullable UUID instance, Instant at) {
    state = next;
    instanceId = instance;
    updatedAt = at;
    version++;
  }
}
