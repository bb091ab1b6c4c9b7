package dev.gpucloud.kit.access;

import dev.gpucloud.contracts.event.ClosingFact.Blocker;
import dev.gpucloud.contracts.event.TenantFact;
import io.smallrye.mutiny.Uni;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** A bean of a service that holds things of tenants, which must be gone before one is closed. */
public interface TenantHolder {
  /** The service's own topic of closings. */
  String topic();

  /** The type of its reports there. */
  String type();

  /** What is held of a closing tenant now; none when the service is done with it. */
  Uni<List<Blocker>> holds(Mutiny.Session s, TenantFact tenant);
}
