package dev.gpucloud.inventory.placement.engine;

import org.jspecify.annotations.Nullable;

/**
 * At which sites a tenant may have anything: {@code tenant} is its slug, {@code country} and {@code
 * minCsapRank} its residency.
 */
public record TenantRules(String tenant, @Nullable String country, int minCsapRank) {

  /** Whether all rules allow the site. */
  public boolean allow(SiteFacts at) {
    return forbidding(at) == null;
  }

  /** The first rule that forbids the site, or null. */
  public @Nullable Constraint forbidding(SiteFacts at) {
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
