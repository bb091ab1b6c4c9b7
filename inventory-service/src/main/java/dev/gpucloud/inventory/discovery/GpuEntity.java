package dev.gpucloud.inventory.discovery;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A GPU as a host's row and its last discovery tell of it. */
@Entity
@Immutable
@Table(name = "gpu")
public class GpuEntity {
  @Id UUID id;
  UUID hostId;
  String hostName;
  int position;
  String address;
  String siteId;
  String deliveryId;
  String hostState;
  String serial;
  @Nullable String uuid;
  String modelId;
  @Nullable String firmware;
  @Nullable String migMode;
  String health;
  @Nullable Instant seenAt;
  int freeSlicesMask;

  protected GpuEntity() {}
}
