package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.placement.engine.PlannedWork;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;

/** What work is planned on hosts, for refusals that say when room comes back. */
public interface WorkAhead {
  /** By the id of the pool, as known a moment ago; empty when nobody could look. Never fails. */
  Uni<Map<String, List<PlannedWork>>> byPool();
}
