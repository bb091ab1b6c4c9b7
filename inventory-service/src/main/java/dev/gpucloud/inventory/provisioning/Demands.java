package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.inventory.catalogue.CsapZone;
import dev.gpucloud.inventory.instance.OfferedShape;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.kit.access.TenantRef;
import org.jspecify.annotations.Nullable;

/** What placement is asked: the shape with what binds its tenant. */
final class Demands {
  private Demands() {}

  static Demand of(TenantRef tenant, OfferedShape type, @Nullable String site) {
    TenantFact.Residency residency = tenant.fact().residency();
    String zone = residency == null ? null : residency.minCsapZone();
    return new Demand(
        tenant.slug(),
        type.model(),
        type.shape(),
        site,
        residency == null ? null : residency.country(),
        zone == null ? 0 : CsapZone.rank(zone));
  }
}
