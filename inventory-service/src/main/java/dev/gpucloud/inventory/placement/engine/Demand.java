package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant asks for and what binds it: {@code tenant} is its slug, {@code site} and {@code
 * region} the ones asked for, {@code country} and {@code minCsapRank} its residency, {@code avoid}
 * the hosts to stay away from, {@code apart} the group to stand apart from; {@code dedicated} asks
 * for hosts of the tenant alone, and {@code anchor} holds it to where its cluster stands.
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
    boolean dedicated,
    @Nullable Anchor anchor) {
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
    this(tenant, model, shape, site, null, country, minCsapRank, Set.of(), null, false, null);
  }

  public Demand inRegion(@Nullable String asked) {
    return new Demand(
        tenant, model, shape, site, asked, country, minCsapRank, avoid, apart, dedicated, anchor);
  }

  public Demand avoiding(Set<HostId> hosts) {
    return new Demand(
        tenant, model, shape, site, region, country, minCsapRank, hosts, apart, dedicated, anchor);
  }

  /** Away from the group of {@code other}, and on hosts of the tenant alone when dedicated. */
  public Demand standing(@Nullable Apart other, boolean alone) {
    return new Demand(
        tenant, model, shape, site, region, country, minCsapRank, avoid, other, alone, anchor);
  }

  /** At the site of the anchor, where that holds it; null holds it to nothing. */
  public Demand heldTo(@Nullable Anchor cluster) {
    return cluster == null
        ? this
        : new Demand(
            tenant,
            model,
            shape,
            cluster.site(),
            null,
            country,
            minCsapRank,
            avoid,
            apart,
            dedicated,
            cluster);
  }

  /** On which hosts of an allowed pool it may be placed. */
  public Terms terms() {
    return new Terms(avoid, tenant, apart, dedicated, anchor);
  }

  /** The same demand wherever it may go. */
  public Demand anywhere() {
    return new Demand(
        tenant, model, shape, null, null, country, minCsapRank, avoid, apart, dedicated, anchor);
  }

  /** Whether it could be placed on hosts that come to a site. */
  boolean mayWaitFor(SiteFacts at) {
    return anchor == null ? anywhere().mayUse(at) : anchor.required() == Level.SITE && mayUse(at);
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
