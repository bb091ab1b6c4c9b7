package dev.gpucloud.tenant.members;

import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

/** What ends with a membership, in the transaction that ends it. */
public interface Departure {
  /** Somebody is no member any more; {@code by} took the roles away. */
  Uni<Void> left(Mutiny.Session session, TenantId tenant, String subject, String by);
}
