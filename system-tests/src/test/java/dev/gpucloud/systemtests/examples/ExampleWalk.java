package dev.gpucloud.systemtests.examples;

import static dev.gpucloud.systemtests.examples.Users.PROJECT;
import static dev.gpucloud.systemtests.examples.Users.TENANT;

import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The whole walk: every example of a body in an order that works, then everything that reads. */
public final class ExampleWalk {
  private static final String RUNNING = "/api/v1/projects/";
  private static final Duration BILLED = Duration.ofHours(48);

  private final World world;
  private final Declared declared;
  private final Tour tour;

  /**
   * What it came to.
   *
   * @param findings what was not as the document says
   * @param unsent operations with a body of which no example was sent
   * @param unmet operations that should be refused and were not
   */
  public record Report(List<String> findings, List<String> unsent, List<String> unmet) {}

  /** {@code refusals} are the operations that a fresh product refuses. */
  public ExampleWalk(World world, Map<String, Refusal> refusals) {
    this.world = world;
    Gateway gateway = new Gateway(world.gatewayUrl(), world::token);
    this.declared = new Declared(gateway.document());
    refusals.keySet().forEach(declared::operation);
    this.tour = new Tour(gateway, declared, refusals);
  }

  /** Walks once; a second time in the same world finds what the first left. */
  public Report walk() {
    new TenantSteps(tour, world).walk();
    new GrantSteps(tour, world).walk();
    var fleet = new FleetSteps(tour);
    fleet.walk();
    var finance = new FinanceSteps(tour);
    finance.agree();
    var instances = new InstanceSteps(tour);
    instances.walk();
    fleet.callOffDrain(instances.billed());
    world.advanceTo(world.now().plus(BILLED));
    read(path -> path.startsWith(RUNNING));
    instances.end();
    world.advanceTo(BillingMonth.of(world.now()).end());
    finance.bill();
    read(path -> !path.startsWith(RUNNING));
    return new Report(tour.findings(), tour.unsent(), tour.unmet());
  }

  private void read(Predicate<String> which) {
    tour.known().learn("/api/v1/tenants/{tenant}", TENANT);
    tour.known().learn("/api/v1/projects/{project}", PROJECT);
    tour.known().learn("/api/v1/admin/instance-types/{type}/versions", "b200.1x");
    declared.reads().stream()
        .filter(operation -> which.test(operation.path()))
        .forEach(operation -> tour.read(operation, Users.of(operation)));
  }
}
