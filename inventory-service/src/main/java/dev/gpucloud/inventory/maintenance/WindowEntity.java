package dev.gpucloud.inventory.maintenance;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** A maintenance window as administration reads it; {@link Windows} changes the row. */
@Entity
@Immutable
@Table(name = "maintenance_window")
public class WindowEntity {
  @Id UUID id;
  String scope;
  String target;
  Instant noticeAt;
  Instant startsAt;
  Instant endsAt;
  String reason;
  String state;
  String createdBy;
  Instant createdAt;
  long version;

  protected WindowEntity() {}
}
