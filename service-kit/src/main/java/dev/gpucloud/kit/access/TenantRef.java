package dev.gpucloud.kit.access;

import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.id.TenantId;

/** A tenant as this service knows it from the tenant topic. */
public record TenantRef(TenantFact fact) {
  public TenantId id() {
    return fact.tenantId();
  }

  public String slug() {
    return fact.slug();
  }

  public String name() {
    return fact.name();
  }
}
