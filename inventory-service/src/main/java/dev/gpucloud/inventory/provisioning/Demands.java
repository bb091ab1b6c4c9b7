package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.inventory.catalogue.OpenSites;
import dev.gpucloud.inventory.instance.InstanceDraft;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.OfferedShape;
import dev.gpucloud.inventory.instance.Standing;
import dev.gpucloud.inventory.placement.engine.Anchor;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.inventory.placement.engine.TenantRules;
import dev.gpucloud.kit.access.TenantRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What placement is asked: the shape with what binds its tenant. */
final class Demands {
  private Demands() {}

  /** For a new instance. */
  static Demand of(InstanceDraft draft) {
    return of(draft.tenant(), draft.type(), draft.site())
        .standing(draft.standing().apartIn(draft.project().id()), draft.standing().dedicated());
  }

  /** For an instance that is placed again; the anchor is that of its cluster. */
  static Demand of(
      TenantRef tenant, OfferedShape type, InstanceEntity instance, Optional<Anchor> anchor) {
    Standing standing = instance.standing();
    return of(tenant, type, instance.requestedSite())
        .standing(standing.apartIn(instance.projectId()), standing.dedicated())
        .heldTo(anchor.orElse(null));
  }

  static Demand of(TenantRef tenant, OfferedShape type, @Nullable String site) {
    TenantRules rules = OpenSites.rules(tenant);
    return new Demand(
        rules.tenant(), type.model(), type.shape(), site, rules.country(), rules.minCsapRank());
  }
}
