package dev.gpucloud.inventory.catalogue;

import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.inventory.placement.engine.SiteFacts;
import dev.gpucloud.inventory.placement.engine.TenantRules;
import dev.gpucloud.kit.access.TenantRef;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The sites that are open to a tenant. */
public final class OpenSites {
  private OpenSites() {}

  /** What binds a tenant. */
  public static TenantRules rules(TenantRef tenant) {
    TenantFact.Residency residency = tenant.fact().residency();
    return residency == null
        ? rules(tenant.slug(), null, null)
        : rules(tenant.slug(), residency.country(), residency.minCsapZone());
  }

  /** What binds the tenant of a slug with such a residency. */
  public static TenantRules rules(String slug, @Nullable String country, @Nullable String zone) {
    return new TenantRules(slug, country, zone == null ? 0 : CsapZone.rank(zone));
  }

  /** By id, in order. */
  public static Set<String> of(TenantRef tenant, Catalogue known) {
    TenantRules rules = rules(tenant);
    Set<String> open = new TreeSet<>();
    for (SiteFacts site : known.sites().values()) {
      if (rules.allow(site)) {
        open.add(site.id());
      }
    }
    return open;
  }
}
