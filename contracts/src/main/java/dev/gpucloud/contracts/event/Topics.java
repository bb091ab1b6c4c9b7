package dev.gpucloud.contracts.event;

/**
 * Topic names without the installation's prefix; {@code topics.yaml} beside it says their shape.
 */
public final class Topics {
  public static final String TENANTS = "tenant.tenants.v1";
  public static final String PROJECTS = "tenant.projects.v1";
  public static final String MEMBERSHIPS = "tenant.memberships.v1";
  public static final String QUOTAS = "tenant.quotas.v1";
  public static final String API_KEYS = "tenant.api-keys.v1";
  public static final String BUDGETS = "tenant.budgets.v1";
  public static final String GRANTS = "tenant.grants.v1";

  /** Events of the other topics again, by tenant: what programs of a tenant listen to. */
  public static final String FEED = "tenant.feed.v1";

  public static final String PRICES = "billing.prices.v1";
  public static final String INSTANCES = "inventory.instances.v1";
  public static final String CATALOGUE = "inventory.catalogue.v1";
  public static final String INVENTORY_CLOSINGS = "inventory.closings.v1";
  public static final String INVOICES = "billing.invoices.v1";
  public static final String SPEND_BUDGETS = "billing.spend-budgets.v1";
  public static final String BILLING_CLOSINGS = "billing.closings.v1";
  public static final String AUDIT_ENTRIES = "audit.entries.v1";
  public static final String DEAD_LETTERS = "dead-letters.v1";

  private Topics() {}

  public static String orders(String site) {
    return "site.orders." + site + ".v1";
  }

  public static String reports(String site) {
    return "site.reports." + site + ".v1";
  }

  public static String heartbeats(String site) {
    return "site.heartbeats." + site + ".v1";
  }
}
