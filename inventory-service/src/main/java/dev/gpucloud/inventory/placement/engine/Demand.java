package dev.gpucloud.inventory.placement.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a tenant asks for and what binds it: {@code tenant} is its slug, {@code site} the one asked
 * for, {@code country} and {@code minCsapRank} its residency.
 */
public record Demand(
    String tenant,
    String model,
    Shape shape,
    @Nullable String site,
    @Nullable String country,
    int minCsapRank) {

  /** The same demand wherever it may go. */
  public Demand anywhere() {
    return new Demand(tenant, model, shape, null, country, minCsapRank);
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
