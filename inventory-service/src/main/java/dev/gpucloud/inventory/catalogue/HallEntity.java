package dev.gpucloud.inventory.catalogue;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import org.hibernate.annotations.Immutable;

/** A hall of a site with the power and cooling it has. Written by the fleet import alone. */
@Entity
@Immutable
@Table(name = "hall")
public class HallEntity {
  @Id String id;
  String siteId;
  BigDecimal powerKw;
  BigDecimal coolingKw;
  BigDecimal rackPowerKw;
  long version;

  protected HallEntity() {}
}
