package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant asks for and what binds it: {@code tenant} is its slug, {@code site} and {@code
 * region} the ones asked for, {@code country} and {@code minCsapRank} its residency, {@code avoid}
 * the hosts to stay away from, {@code apart} the group to stand apart from; {@code dedicated} asks
 * for hosts of the tenant alone.
 */
public record Demand(
    String tenant,
    String model,
    Shape shape,
    @Nullable String site,
    @Nullable String region,
    @Nullable String country,
    int minCsapRank,
    Set<HostId> avoid,
    @Nullable Apart apart,
    boolean dedicated) {
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
    this(tenant, model, shape, site, null, country, minCsapRank, Set.of(), null, false);
  }

  public Demand inRegion(@Nullable String asked) {
    return new Demand(
        tenant, model, shape, site, asked, country, minCsapRank, avoid, apart, dedicated);
  }

  public Demand avoiding(Set<HostId> hosts) {
    return new Demand(
        tenant, model, shape, site, region, country, minCsapRank, hosts, apart, dedicated);
  }

  /** Away from the group of {@code other}, and on hosts of the tenant alone when dedicated. */
  public Demand standing(@Nullable Apart other, boolean alone) {
    return new Demand(
        tenant, model, shape, site, region, country, minCsapRank, avoid, other, alone);
  }

  /** On which hosts of an allowed pool it may be placed. */
  public Terms terms() {
    return new Terms(avoid, tenant, apart, dedicated);
  }

  /** The same demand wherever it may go. */
  public Demand anywhere() {
    return new Demand(
        tenant, model, shape, null, null, country, minCsapRank, avoid, apart, dedicated);
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
    return new TenantRules(tenant, country, minCsapRank).forbidding(at);
  }
}
