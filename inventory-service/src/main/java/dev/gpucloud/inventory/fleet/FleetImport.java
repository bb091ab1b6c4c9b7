package dev.gpucloud.inventory.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.inventory.fleet.FleetDocument.Delivery;
import dev.gpucloud.inventory.fleet.FleetDocument.HostShape;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Makes the fleet as declared: all of it or nothing. The same document again changes nothing; what
 * a document does not mention stays.
 */
@ApplicationScoped
public class FleetImport {
  private final FleetStore store;

  FleetImport(FleetStore store) {
    this.store = store;
  }

  /** In one transaction; answers rows changed by table. */
  public Uni<Map<String, Integer>> run(Mutiny.Session s, JsonNode document) {
    Violations violations = new Violations();
    FleetDocument declared = new FleetReader(violations).read(document);
    violations.raise();
    return store
        .lock(s)
        .chain(() -> store.load(s))
        .chain(
            before -> {
              new FleetRules(declared, before, violations).check();
              violations.raise();
              return store.write(s, declared, plan(declared, before));
            });
  }

  /** Hosts of the deliveries that are accepted for the first time. */
  private static HostPlan plan(FleetDocument declared, FleetRules.Fleet before) {
    Map<String, HostShape> shapes = new HashMap<>();
    before.hostShapes().forEach(shape -> shapes.put(shape.model(), shape));
    declared.hostShapes().forEach(shape -> shapes.put(shape.model(), shape));
    Set<String> here = new HashSet<>();
    before.deliveries().stream()
        .filter(Delivery::isAccepted)
        .forEach(delivery -> here.add(delivery.id()));
    HostPlan plan = new HostPlan();
    declared.deliveries().stream()
        .filter(delivery -> delivery.isAccepted() && !here.contains(delivery.id()))
        .forEach(delivery -> plan.add(delivery, shapes.get(delivery.model())));
    return plan;
  }
}
