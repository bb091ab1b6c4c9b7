package dev.gpucloud.kit.access;

import dev.gpucloud.contracts.event.ProjectFact;
import dev.gpucloud.contracts.event.TenantFact;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

/** A bean that does more with tenant facts than keep them. */
public interface ReferenceListener {
  /** A tenant appeared or changed; in the projection's transaction. */
  default Uni<Void> onTenant(Mutiny.Session s, TenantFact fact) {
    return Uni.createFrom().voidItem();
  }

  /** A project appeared or changed; in the projection's transaction. */
  default Uni<Void> onProject(Mutiny.Session s, ProjectFact fact) {
    return Uni.createFrom().voidItem();
  }

  /** What appeared or changed of a tenant is committed. */
  default Uni<Void> tenantApplied() {
    return Uni.createFrom().voidItem();
  }
}
