package dev.gpucloud.tenant.tenants;

import dev.gpucloud.tenant.engine.TenantState;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * What ends with a tenant, for whoever keeps something of tenants: in the transaction that takes it
 * to CLOSING, where it may start nothing new, and in the one that takes it to CLOSED. The tree is
 * locked, and the tenant's row still says what it was before.
 */
public interface TenantEnd {
  /** Ends what a tenant does not keep in its next state, which is CLOSING or CLOSED. */
  Uni<Void> ends(Mutiny.Session session, TenantEntity tenant, TenantState next);
}
