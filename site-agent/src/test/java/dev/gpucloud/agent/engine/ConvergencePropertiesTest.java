package dev.gpucloud.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.agent.fixture.ManualClock;
import dev.gpucloud.agent.fixture.Orders;
import dev.gpucloud.agent.simulated.SimulatedDriver;
import dev.gpucloud.agent.simulated.SimulatedSettings;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of orders with repeats, disorder and crashes, on hosts whose slots the instances
 * share in turn. The seed is the test's name.
 */
class ConvergencePropertiesTest {
  private static final SimulatedSettings HOSTS =
      new SimulatedSettings(7, Duration.ofMillis(800), Duration.ofMillis(200), 0.2, 0, 0);

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void convergesOnTheLastOrderWhateverHappensOnTheWay(int seed) {
    World world = new World(seed);
    world.play();
    world.settle();
    world.assertLastOrdersAreTrue();
    assertThat(world.reports).isNotEmpty();
  }

  @Test
  void aHistoryWithDisorderReallyHoldsRejectedOrdersAndCrashes() {
    World world = new World(1);
    world.play();
    assertThat(world.outcomes.keySet())
        .contains(Applied.ACCEPTED, Applied.REPEATED, Applied.STALE_SEQUENCE);
    assertThat(world.crashes).isPositive();
  }

  @Test
  void stampsOfARunNeverGoBack() {
    World world = new World(3);
    world.play();
    Map<RunId, Instant> latest = new HashMap<>();
    world.engine.unsent().stream()
        .map(Report::data)
        .forEach(
            report -> {
              Instant before = latest.put(report.runId(), report.at());
              assertThat(before == null || !report.at().isBefore(before)).isTrue();
            });
  }

  private static final class World {
    private static final int INSTANCES = 6;
    private final Random random;
    private final ManualClock business = ManualClock.at("2026-11-02T00:00:00Z");
    private final ManualClock system = ManualClock.at("2030-01-01T00:00:00Z");
    private final Map<Integer, Long> sequences = new HashMap<>();
    private final Map<Integer, Integer> runs = new HashMap<>();
    private final Map<Integer, Order> last = new HashMap<>();
    private final List<Order> issued = new ArrayList<>();
    private final Map<UUID, Report> reports = new HashMap<>();
    private final Map<Applied, Integer> outcomes = new HashMap<>();
    private Snapshot disk = Snapshot.empty("kr-ulsan-1");
    private SiteEngine engine = open();
    private int crashes;

    World(int seed) {
      this.random = new Random(seed);
    }

    void play() {
      for (int step = 0; step < 150; step++) {
        List<Order> batch = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
          batch.add(random.nextInt(4) == 0 && !issued.isEmpty() ? anOldOne() : aNewOne());
        }
        if (random.nextInt(5) == 0) {
          Collections.shuffle(batch, random);
        }
        round(batch, random.nextInt(12) == 0);
        tick(Duration.ofMillis(random.nextInt(600)));
      }
      last.values().forEach(order -> round(List.of(order), false));
    }

    void settle() {
      for (int i = 0; i < 60; i++) {
        tick(Duration.ofMillis(500));
        round(List.of(), i == 5);
      }
    }

    void assertLastOrdersAreTrue() {
      Map<RunId, Run> known = new HashMap<>();
      engine.snapshot().runs().forEach(run -> known.put(run.id(), run));
      for (Order order : last.values()) {
        Run run = known.get(order.fact().runId());
        if (order.wantsRunning()) {
          assertThat(run.phase()).isIn(Phase.RUNNING, Phase.FAILED, Phase.WAITING);
          if (run.phase() == Phase.WAITING) {
            assertThat(holdersOf(run.hostId())).isNotEmpty();
          }
        } else {
          assertThat(run.phase()).isEqualTo(Phase.RELEASED);
        }
      }
      Set<RunId> current = new HashSet<>();
      last.values().forEach(order -> current.add(order.fact().runId()));
      known.values().stream()
          .filter(run -> !current.contains(run.id()))
          .forEach(run -> assertThat(run.phase()).isEqualTo(Phase.RELEASED));
    }

    private void round(List<Order> batch, boolean crash) {
      batch.forEach(order -> outcomes.merge(engine.apply(order), 1, Integer::sum));
      engine.converge();
      assertNoSlotIsHeldTwice();
      if (crash) {
        crashes++;
        engine = open();
        round(batch, false);
        return;
      }
      disk = engine.snapshot();
      int acknowledged = random.nextInt(engine.unsent().size() + 1);
      engine.unsent().subList(0, acknowledged).forEach(this::receive);
      engine.sent(acknowledged);
    }

    private void receive(Report report) {
      Report before = reports.put(report.id(), report);
      if (before != null) {
        assertThat(report.data()).isEqualTo(before.data());
      }
      assertThat(report.data().scrubbed()).isEqualTo(report.data().observed().equals("RELEASED"));
    }

    private void assertNoSlotIsHeldTwice() {
      Map<HostId, Long> held = new HashMap<>();
      for (Run run : engine.snapshot().runs()) {
        if (run.holdsSlots()) {
          long before = held.getOrDefault(run.hostId(), 0L);
          assertThat(before & run.slotMask()).isZero();
          held.put(run.hostId(), before | run.slotMask());
        }
      }
    }

    private List<Run> holdersOf(HostId host) {
      return engine.snapshot().runs().stream()
          .filter(run -> run.hostId().equals(host) && run.holdsSlots())
          .toList();
    }

    private Order aNewOne() {
      int instance = random.nextInt(INSTANCES);
      long sequence = sequences.merge(instance, 1L, Long::sum);
      if (random.nextInt(3) == 0) {
        runs.merge(instance, 1, Integer::sum);
      }
      int run = instance * 1000 + runs.getOrDefault(instance, 0);
      Orders orders =
          new Orders(
              instance / 2, instance, run, instance % 2 == 0 ? "f" : "1e", business.instant());
      Order order = random.nextBoolean() ? orders.running(sequence) : orders.absent(sequence);
      issued.add(order);
      last.put(instance, order);
      return order;
    }

    private Order anOldOne() {
      return issued.get(random.nextInt(issued.size()));
    }

    private void tick(Duration by) {
      system.advance(by);
      business.advance(by.multipliedBy(random.nextInt(100)));
    }

    private SiteEngine open() {
      return new SiteEngine(disk, new SimulatedDriver(HOSTS, system), business, system);
    }
  }
}
