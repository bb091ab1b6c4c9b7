package dev.gpucloud.inventory.quota.engine;

/** Whose limit it is, as seen from who asks. The names of other tenants are not told. */
public enum QuotaScope {
  PROJECT("the project"),
  TENANT("the tenant"),
  /** A tenant above the one that asks. */
  GROUP("the tenant's group");

  private final String words;

  QuotaScope(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }

  /** The scope at a place of the lineage: project, tenant, ancestors. */
  public static QuotaScope at(int place) {
    return values()[Math.min(place, GROUP.ordinal())];
  }
}
