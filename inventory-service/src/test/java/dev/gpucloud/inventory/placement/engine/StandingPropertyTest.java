package dev.gpucloud.inventory.placement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.id.HostId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Anti-affinity and dedicated hosts against a fleet that is looked at host by host. */
class StandingPropertyTest {
  private static final int STEPS = 300;

  static Stream<Long> seeds() {
    return LongStream.rangeClosed(1, 30).boxed();
  }

  private static Terms terms(Random random) {
    String tenant = "t" + random.nextInt(3);
    Apart apart =
        random.nextInt(3) > 0
            ? null
            : new Apart(
                tenant + "/g" + random.nextInt(2),
                random.nextBoolean() ? Apart.Over.HOST : Apart.Over.RACK,
                random.nextInt(3) == 0 ? Strength.PREFERRED : Strength.REQUIRED);
    return new Terms(Set.of(), tenant, apart, random.nextInt(3) == 0);
  }

  /** What is held, kept beside the index. */
  private static final class Ledger {
    final Map<HostId, HostSlots> hosts = new HashMap<>();
    final List<Slot> slots = new ArrayList<>();

    Ledger(List<HostSlots> all) {
      all.forEach(host -> hosts.put(host.id(), host));
    }

    /** Whether dedication lets the terms onto a host. */
    boolean mayShare(HostId host, Terms terms) {
      List<Slot> there = slots.stream().filter(slot -> slot.host().equals(host)).toList();
      Set<String> owners = new HashSet<>();
      there.stream()
          .map(Slot::mark)
          .filter(mark -> mark != null && mark.dedicatedTo() != null)
          .forEach(mark -> owners.add(mark.dedicatedTo()));
      assertThat(owners).as("owners of a host").hasSizeLessThanOrEqualTo(1);
      if (!owners.isEmpty()) {
        return owners.contains(terms.tenant());
      }
      return !terms.dedicated() || there.isEmpty();
    }

    boolean isApart(HostId host, Terms terms) {
      Apart apart = terms.apart();
      if (apart == null) {
        return true;
      }
      return slots.stream()
          .filter(slot -> slot.mark() != null && apart.group().equals(slot.mark().group()))
          .noneMatch(
              slot ->
                  apart.over() == Apart.Over.HOST
                      ? slot.host().equals(host)
                      : sameRack(slot.host(), host));
    }

    private boolean sameRack(HostId a, HostId b) {
      Location left = hosts.get(a).location();
      Location right = hosts.get(b).location();
      return left.rack().equals(right.rack())
          && left.fabric().equals(right.fabric())
          && left.hall().equals(right.hall());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithLookingAtEveryHostAndEveryNeighbour(long seed) {
    Random random = new Random(seed);
    List<HostSlots> fleet = Fleets.standing(random);
    PoolIndex index = new PoolIndex(Fleets.B200, fleet);
    Ledger ledger = new Ledger(fleet);
    for (int step = 0; step < STEPS; step++) {
      if (!ledger.slots.isEmpty() && random.nextInt(3) == 0) {
        index.release(ledger.slots.remove(random.nextInt(ledger.slots.size())));
        continue;
      }
      Terms terms = terms(random);
      Shape shape = Fleets.shape(Fleets.B200, random);
      List<HostId> open = hostsWithRoom(index, shape);
      List<HostId> shared = open.stream().filter(h -> ledger.mayShare(h, terms)).toList();
      List<HostId> apart = shared.stream().filter(h -> ledger.isApart(h, terms)).toList();
      boolean wished = terms.apart() != null && terms.apart().strength() == Strength.PREFERRED;
      List<HostId> allowed = wished && apart.isEmpty() ? shared : apart;

      int remaining = index.explain(shape, terms).remaining();
      Optional<Slot> slot = index.place(shape, terms);

      assertThat(slot.isPresent()).as("step %d, %s", step, terms).isEqualTo(!allowed.isEmpty());
      assertThat(remaining)
          .as("step %d, %s", step, terms)
          .isEqualTo(wished ? shared.size() : apart.size());
      slot.ifPresent(
          s -> {
            assertThat(allowed).contains(s.host());
            ledger.slots.add(s);
          });
    }
    ledger.slots.forEach(index::release);
    assertThat(index.snapshot()).isEqualTo(new PoolIndex(Fleets.B200, fleet).snapshot());
  }

  private static List<HostId> hostsWithRoom(PoolIndex index, Shape shape) {
    return BruteForce.slots(index.snapshot(), Fleets.B200, shape).stream()
        .map(Slot::host)
        .distinct()
        .toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void placesExactlyAsManyAsItPromises(long seed) {
    Random random = new Random(seed);
    PoolIndex index = new PoolIndex(Fleets.B200, Fleets.standing(random));
    history(index, random);
    for (int n = 0; n < 6; n++) {
      Terms terms = terms(random);
      Shape shape = Fleets.fair(1 << random.nextInt(4));
      int promised = index.placeable(shape, terms);
      List<Slot> placed = new ArrayList<>();
      Optional<Slot> next = index.place(shape, terms.required());
      while (next.isPresent()) {
        placed.add(next.get());
        next = index.place(shape, terms.required());
      }
      assertThat(placed).as("%s of %s", terms, shape).hasSize(promised);
      placed.forEach(index::release);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void decidesTheSameAfterARebuildFromItsRowsInAnyOrder(long seed) {
    Random random = new Random(seed);
    PoolIndex index = new PoolIndex(Fleets.B200, Fleets.standing(random));
    history(index, random);
    List<HostSlots> rows = new ArrayList<>(index.snapshot());
    Collections.shuffle(rows, random);
    PoolIndex reread = new PoolIndex(Fleets.B200, rows);

    for (int step = 0; step < 60; step++) {
      Terms terms = terms(random);
      Shape shape = Fleets.shape(Fleets.B200, random);
      assertThat(reread.place(shape, terms)).isEqualTo(index.place(shape, terms));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aClusterOnDedicatedHostsSharesThemWithNobody(long seed) {
    Random random = new Random(seed);
    List<HostSlots> fleet = Fleets.standing(random);
    PoolIndex index = new PoolIndex(Fleets.B200, fleet);
    Ledger ledger = new Ledger(fleet);
    for (int step = 0; step < 60; step++) {
      Terms terms = new Terms(Set.of(), "t" + random.nextInt(3), null, random.nextBoolean());
      ClusterShape cluster = Fleets.cluster(Fleets.B200, random);
      Optional<ClusterPlacement> found = index.place(cluster, terms);
      if (found.isPresent()) {
        for (Slot slot : found.get().slots()) {
          assertThat(ledger.mayShare(slot.host(), terms)).as("%s", slot).isTrue();
        }
        ledger.slots.addAll(found.get().slots());
      }
      if (ledger.slots.size() > 20) {
        index.release(ledger.slots.remove(random.nextInt(ledger.slots.size())));
      }
    }
    ledger.slots.forEach(index::release);
    assertThat(index.snapshot()).isEqualTo(new PoolIndex(Fleets.B200, fleet).snapshot());
  }

  private static void history(PoolIndex index, Random random) {
    for (int step = 0; step < 40; step++) {
      index.place(Fleets.shape(Fleets.B200, random), terms(random));
    }
  }
}
