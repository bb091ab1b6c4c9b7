package dev.gpucloud.inventory.delivery;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** What a delivery was at one version, and who made it so. */
@Entity
@Immutable
@IdClass(DeliveryHistoryEntity.Key.class)
@Table(name = "delivery_history")
public class DeliveryHistoryEntity {
  @Id String deliveryId;
  @Id long version;
  String event;
  String state;
  LocalDate due;
  @Nullable String reason;
  String actor;
  Instant at;

  protected DeliveryHistoryEntity() {}

  /** Delivery and version. */
  public record Key(String deliveryId, long version) {}
}
