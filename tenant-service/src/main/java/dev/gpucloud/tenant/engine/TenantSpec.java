package dev.gpucloud.tenant.engine;

import dev.gpucloud.contracts.event.TenantFact;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant is declared to be. What is null was absent, or unreadable and reported already; the
 * parent is named by slug.
 */
public record TenantSpec(
    String slug,
    @Nullable String name,
    @Nullable TenantKind kind,
    @Nullable Segment segment,
    @Nullable String parent,
    @Nullable BillingMode billingMode,
    @Nullable String businessNumber,
    TenantFact.@Nullable Programme programme,
    TenantFact.@Nullable Residency residency,
    @Nullable Contacts contacts,
    @Nullable SuspensionPolicy suspensionPolicy) {

  /** One that says nothing of contacts and suspension: what there is stays. */
  public TenantSpec(
      String slug,
      @Nullable String name,
      @Nullable TenantKind kind,
      @Nullable Segment segment,
      @Nullable String parent,
      @Nullable BillingMode billingMode,
      @Nullable String businessNumber,
      TenantFact.@Nullable Programme programme,
      TenantFact.@Nullable Residency residency) {
    this(
        slug,
        name,
        kind,
        segment,
        parent,
        billingMode,
        businessNumber,
        programme,
        residency,
        null,
        null);
  }
}
