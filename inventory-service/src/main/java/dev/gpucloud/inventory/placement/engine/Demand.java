package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant asks for and what binds it: {@code tenant} is its slug, {@code site} and {@code
 * region} the ones asked for, {@code country} and {@code minCsapRank} its residency, {@code avoid}
 * the hosts to stay away from.
 */
public record Demand(
    String tenant,
    String model,
    Shape shape,
    @Nullable String site,
    @Nullable String region,
    @Nullable String country,
    int minCsapRank,
    Set<HostId> avoid) {
  public Demand {
    avoid = Set.copyOf(avoid);
  }

  /** In any region, avoiding no host. */
  public Demand(
      String tenant,
      String model,
      Shape shape,
      @Nullable String site,
      @Nullable String country,
      int minCsapRank) {
    this(tenant, model, shape, site, null, country, minCsapRank, Set.of());
  }

  public Demand inRegion(@Nullable String asked) {
    return new Demand(tenant, model, shape, site, asked, country, minCsapRank, avoid);
  }

  public Demand avoiding(Set<HostId> hosts) {
    return new Demand(tenant, model, shape, site, region, country, minCsapRank, hosts);
  }

  /** The same demand wherever it may go. */
  public Demand anywhere() {
    return new Demand(tenant, model, shape, null, null, country, minCsapRank, avoid);
  }

  /** Whether the rules of a site allow it. */
  public boolean mayUse(SiteFacts at) {
    return forbiddenBy(at) == null;
  }

  /** The first rule of a site that forbids it, or null when the site may take the demand. */
  @Nullable Constraint forbiddenBy(SiteFacts at) {
    if (site != null && !site.equals(at.id())) {
      return Constraint.SITE;
    }
    if (region != null && !region.equals(at.region())) {
      return Constraint.REGION;
    }
    String owner = at.dedicatedTo();
    if (owner != null && !owner.equals(tenant)) {
      return Constraint.DEDICATION;
    }
    if (country != null && !country.equals(at.country())) {
      return Constraint.COUNTRY;
    }
    return at.csapRank() < minCsapRank ? Constraint.CSAP_ZONE : null;
  }
}
