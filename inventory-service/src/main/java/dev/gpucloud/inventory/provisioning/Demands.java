package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.inventory.catalogue.CsapZone;
import dev.gpucloud.inventory.instance.InstanceDraft;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.OfferedShape;
import dev.gpucloud.inventory.instance.Standing;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.kit.access.TenantRef;
import org.jspecify.annotations.Nullable;

/** What placement is asked: the shape with what binds its tenant. */
final class Demands {
  private Demands() {}

  /** For a new instance. */
  static Demand of(InstanceDraft draft) {
    return of(draft.tenant(), draft.type(), draft.site())
        .standing(draft.standing().apartIn(draft.project().id()), draft.standing().dedicated());
  }

  /** For an instance that is placed again. */
  static Demand of(TenantRef tenant, OfferedShape type, InstanceEntity instance) {
    Standing standing = instance.standing();
    return of(tenant, type, instance.requestedSite())
        .standing(standing.apartIn(instance.projectId()), standing.dedicated());
  }

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
