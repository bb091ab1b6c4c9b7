package dev.gpucloud.tenant.directory;

import dev.gpucloud.kit.lease.Leases;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/**
 * Asks for everything anew now and then, so that what somebody changed in Keycloak, or what was
 * there before this table, comes right. One replica does it per interval.
 */
@ApplicationScoped
class DirectoryRepair {
  private static final String LEASE = "directory-repair";

  private final DirectoryQueue queue;
  private final Leases leases;
  private final DirectoryConfig config;

  DirectoryRepair(DirectoryQueue queue, Leases leases, DirectoryConfig config) {
    this.queue = queue;
    this.leases = leases;
    this.config = config;
  }

  /** Every try is another holder: who gets the lease does it once, and nobody until it ends. */
  @Scheduled(every = "1m", delayed = "15s")
  Uni<Void> repair() {
    if (config.adminUrl().isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return leases
        .tryAcquire(LEASE, UUID.randomUUID().toString(), config.repairInterval())
        .chain(
            lease ->
                lease.isPresent() ? queue.repair().replaceWithVoid() : Uni.createFrom().voidItem());
  }
}
