package dev.gpucloud.inventory.catalogue;

import dev.gpucloud.inventory.placement.engine.SiteFacts;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A data centre. Written by the fleet import alone. */
@Entity
@Immutable
@Table(name = "site")
public class SiteEntity {
  @Id String id;
  String regionId;
  String country;
  String csapZone;
  BigDecimal itPowerKw;
  @Nullable String dedicatedTo;
  long version;

  protected SiteEntity() {}

  SiteFacts facts() {
    return new SiteFacts(id, regionId, country, CsapZone.rank(csapZone), dedicatedTo);
  }
}
