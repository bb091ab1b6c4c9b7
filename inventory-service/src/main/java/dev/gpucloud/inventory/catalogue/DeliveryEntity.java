package dev.gpucloud.inventory.catalogue;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.hibernate.annotations.Immutable;

/** A tranche of hosts, ordered or here. Written by the fleet import alone. */
@Entity
@Immutable
@Table(name = "delivery")
public class DeliveryEntity {
  @Id String id;
  String siteId;
  String hallId;
  String modelId;
  int hosts;
  int gpusPerHost;
  int hostsPerRack;
  int racksPerFabric;
  BigDecimal hostPowerKw;
  LocalDate due;
  String state;
  long version;

  protected DeliveryEntity() {}

  boolean isExpected() {
    return !state.equals("ACCEPTED");
  }
}
