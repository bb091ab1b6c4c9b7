package dev.gpucloud.inventory.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.delivery.engine.DeliveryState;
import dev.gpucloud.inventory.fleet.FleetDocument.Delivery;
import dev.gpucloud.inventory.fleet.FleetDocument.Hall;
import dev.gpucloud.inventory.fleet.FleetDocument.HostShape;
import dev.gpucloud.inventory.fleet.HostRules.Known;
import dev.gpucloud.kit.clock.Business;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Makes the fleet as declared: all of it or nothing. The same document again changes nothing; what
 * a document does not mention stays. A delivery that went further than the document says stays
 * where it is, and its due date moves only when the document's date does.
 */
@ApplicationScoped
public class FleetImport {
  private final FleetStore store;
  private final HostStore hosts;
  private final InstantSource business;

  FleetImport(FleetStore store, HostStore hosts, @Business InstantSource business) {
    this.store = store;
    this.hosts = hosts;
    this.business = business;
  }

  /** In one transaction; answers rows changed by table. */
  public Uni<Map<String, Integer>> run(Mutiny.Session s, JsonNode document, String actor) {
    return run(s, FleetSource.of(document), actor);
  }

  /** In one transaction; answers rows changed by table. */
  Uni<Map<String, Integer>> run(Mutiny.Session s, FleetSource source, String actor) {
    Violations violations = new Violations();
    FleetDocument declared = source.read(violations);
    violations.raise();
    return store
        .lock(s)
        .chain(() -> store.load(s))
        .chain(
            before ->
                hosts
                    .known(s, declared.hosts())
                    .chain(known -> apply(s, new Comparison(declared, before, known), actor)));
  }

  /** A document beside what is there. */
  private record Comparison(FleetDocument declared, FleetRules.Fleet before, Known known) {}

  private Uni<Map<String, Integer>> apply(Mutiny.Session s, Comparison both, String actor) {
    Violations violations = new Violations();
    FleetDocument target = both.declared().with(merged(both.declared(), both.before()));
    new FleetRules(target, both.before(), violations).check();
    hostRules(target, both, violations).check();
    violations.raise();
    return store
        .write(s, target, new FleetStore.By(actor, business.instant()))
        .chain(
            changed ->
                hosts
                    .announce(s, target.hosts())
                    .invoke(n -> changed.put("expectedHosts", n))
                    .chain(() -> hosts.write(s, plan(target, both)))
                    .invoke(changed::putAll)
                    .replaceWith(changed));
  }

  private static HostRules hostRules(FleetDocument target, Comparison both, Violations violations) {
    Map<String, Delivery> deliveries = new LinkedHashMap<>();
    both.before().deliveries().forEach(d -> deliveries.put(d.id(), d));
    target.deliveries().forEach(d -> deliveries.put(d.id(), d));
    Map<String, Hall> halls = new HashMap<>();
    both.before().halls().forEach(hall -> halls.put(hall.id(), hall));
    target.halls().forEach(hall -> halls.put(hall.id(), hall));
    return new HostRules(target.hosts(), both.known(), deliveries, halls, violations);
  }

  private static List<Delivery> merged(FleetDocument declared, FleetRules.Fleet before) {
    return declared.deliveries().stream()
        .map(d -> before.delivery(d.id()).map(old -> merged(d, old)).orElse(d))
        .toList();
  }

  private static Delivery merged(Delivery declared, Delivery old) {
    boolean sameDate = declared.declaredDue().equals(old.declaredDue());
    return declared.as(
        DeliveryState.later(declared.state(), old.state()), sameDate ? old.due() : declared.due());
  }

  /** Hosts of the deliveries that are here for the first time. */
  private static HostPlan plan(FleetDocument target, Comparison both) {
    Map<String, HostShape> shapes = new HashMap<>();
    both.before().hostShapes().forEach(shape -> shapes.put(shape.model(), shape));
    target.hostShapes().forEach(shape -> shapes.put(shape.model(), shape));
    HostPlan plan = new HostPlan();
    for (Delivery delivery : target.deliveries()) {
      boolean wasHere = both.before().delivery(delivery.id()).map(Delivery::isHere).orElse(false);
      if (delivery.isHere() && !wasHere) {
        add(plan, delivery, shapes.get(delivery.model()), announced(target, both, delivery.id()));
      }
    }
    return plan;
  }

  private static List<FleetDocument.Host> announced(
      FleetDocument target, Comparison both, String delivery) {
    List<FleetDocument.Host> now =
        target.hosts().stream().filter(host -> host.delivery().equals(delivery)).toList();
    return now.isEmpty() ? both.known().announcedFor(delivery) : now;
  }

  private static void add(
      HostPlan plan, Delivery delivery, HostShape shape, List<FleetDocument.Host> announced) {
    if (delivery.isAccepted()) {
      plan.addAccepted(delivery, shape, announced);
    } else {
      plan.addExpected(delivery, shape, announced);
    }
  }

  /**
   * Puts the hosts of a delivery that has just arrived into the fleet, as EXPECTED; the caller has
   * set its state. Answers how many.
   */
  public Uni<Integer> arrive(Mutiny.Session s, String delivery) {
    return store
        .load(s)
        .chain(
            fleet ->
                hosts
                    .known(s, List.of())
                    .chain(known -> hosts.write(s, arrival(fleet, known, delivery))))
        .map(changed -> changed.getOrDefault("hosts", 0));
  }

  private static HostPlan arrival(FleetRules.Fleet fleet, Known known, String id) {
    Delivery delivery = fleet.delivery(id).orElseThrow();
    Optional<HostShape> shape =
        fleet.hostShapes().stream().filter(h -> h.model().equals(delivery.model())).findFirst();
    HostPlan plan = new HostPlan();
    plan.addExpected(
        delivery,
        shape.orElseThrow(
            () ->
                ProblemType.UNPROCESSABLE
                    .because(
                        "Model %s has no hostShape, so its hosts cannot be counted; import one."
                            .formatted(delivery.model()))
                    .with("model", delivery.model())),
        known.announcedFor(id));
    return plan;
  }

  /**
   * Replaces the hosts announced for a delivery that is not here yet; the caller holds the lock.
   * Fails with every serial or name that is elsewhere, and where.
   */
  public Uni<Integer> announce(Mutiny.Session s, String delivery, List<ExpectedHost> announced) {
    List<FleetDocument.Host> declared = new ArrayList<>();
    for (ExpectedHost host : announced) {
      declared.add(
          new FleetDocument.Host(
              "/hosts/" + declared.size(),
              delivery,
              host.serial(),
              host.name(),
              host.rack(),
              host.fabric()));
    }
    return store
        .load(s)
        .chain(fleet -> hosts.known(s, declared).invoke(known -> check(declared, fleet, known)))
        .chain(() -> hosts.announce(s, declared));
  }

  private static void check(
      List<FleetDocument.Host> declared, FleetRules.Fleet fleet, Known known) {
    Map<String, Delivery> deliveries = new HashMap<>();
    fleet.deliveries().forEach(d -> deliveries.put(d.id(), d));
    Map<String, Hall> halls = new HashMap<>();
    fleet.halls().forEach(hall -> halls.put(hall.id(), hall));
    Violations violations = new Violations();
    new HostRules(declared, known, deliveries, halls, violations).check();
    violations.raise();
  }

  /** One change of the fleet's plan at a time, imports included. */
  public Uni<Void> lock(Mutiny.Session s) {
    return store.lock(s);
  }
}
