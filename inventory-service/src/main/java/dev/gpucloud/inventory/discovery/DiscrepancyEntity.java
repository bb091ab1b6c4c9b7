package dev.gpucloud.inventory.discovery;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A difference between what was announced and what is there, as it is read. */
@Entity
@Immutable
@Table(name = "discrepancy")
public class DiscrepancyEntity {
  @Id UUID id;
  String kind;
  String siteId;
  @Nullable String deliveryId;
  @Nullable UUID hostId;
  String serial;
  String detail;
  String state;
  Instant openedAt;
  Instant lastSeenAt;
  @Nullable Instant resolvedAt;
  @Nullable String resolvedBy;
  @Nullable String note;
  long version;

  /** Its id as text, which is the order of a list. */
  String listKey;

  protected DiscrepancyEntity() {}
}
