package dev.gpucloud.inventory.delivery;

import dev.gpucloud.inventory.placement.engine.ExpectedDelivery;
import dev.gpucloud.inventory.placement.engine.SiteFacts;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A tranche of hosts as it is read. Import and moves change the row by statement. */
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
  LocalDate promised;
  String state;
  @Nullable Instant deliveredAt;
  @Nullable String note;
  long version;

  @Formula("(select count(*) from host h where h.delivery_id = id and h.accepted_at is not null)")
  int hostsAccepted;

  protected DeliveryEntity() {}

  public String siteId() {
    return siteId;
  }

  public String modelId() {
    return modelId;
  }

  /** Whether hosts of it are still to come into service. */
  public boolean isExpected() {
    return !state.equals("ACCEPTED") && hostsAccepted < hosts;
  }

  /** The hosts that are still to come into service, for explanations. */
  public ExpectedDelivery expected(SiteFacts site, int domainGpus) {
    return new ExpectedDelivery(
        id,
        site,
        modelId,
        hosts - hostsAccepted,
        gpusPerHost,
        hostsPerRack,
        racksPerFabric,
        domainGpus,
        due);
  }
}
