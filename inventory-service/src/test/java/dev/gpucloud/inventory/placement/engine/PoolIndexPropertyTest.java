package dev.gpucloud.inventory.placement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.id.HostId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for every history of placements and releases. */
class PoolIndexPropertyTest {
  private static final int STEPS = 600;

  static Stream<Long> seeds() {
    return LongStream.rangeClosed(1, 40).boxed();
  }

  private static GpuGeometry geometry(long seed) {
    return seed % 3 == 0 ? Fleets.RTX : Fleets.B200;
  }

  private static List<HostSlots> fleet(long seed) {
    return Fleets.empty(1 + (int) (seed % 5), seed % 4 == 0 ? 4 : 8);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void givesNoSliceTwiceAndEveryReleaseUndoesItsPlacement(long seed) {
    Random random = new Random(seed);
    List<HostSlots> hosts = fleet(seed);
    PoolIndex index = new PoolIndex(geometry(seed), hosts);
    Map<HostId, Long> taken = new HashMap<>();
    List<Slot> held = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      if (!held.isEmpty() && random.nextInt(5) < 2) {
        Slot back = held.remove(random.nextInt(held.size()));
        index.release(back);
        taken.merge(back.host(), back.mask(), (a, b) -> a & ~b);
        continue;
      }
      Optional<Slot> slot = index.place(Fleets.shape(geometry(seed), random));
      slot.ifPresent(
          s -> {
            assertThat(taken.getOrDefault(s.host(), 0L) & s.mask()).as("step").isZero();
            taken.merge(s.host(), s.mask(), (a, b) -> a | b);
            held.add(s);
          });
    }
    for (HostSlots now : index.snapshot()) {
      assertThat(now.freeMask())
          .isEqualTo(GpuBits.full(now.gpus()) & ~taken.getOrDefault(now.id(), 0L));
    }
    held.forEach(index::release);
    assertThat(index.snapshot()).isEqualTo(hosts);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithBruteForceOnSmallFleets(long seed) {
    Random random = new Random(seed);
    GpuGeometry geometry = geometry(seed);
    PoolIndex index = new PoolIndex(geometry, fleet(seed));
    List<Slot> held = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      Shape shape = Fleets.shape(geometry, random);
      List<Slot> possible = BruteForce.slots(index.snapshot(), geometry, shape);
      Optional<Slot> slot = index.tryPlace(shape);
      assertThat(slot.isPresent()).as("step %d, %s", step, shape).isEqualTo(!possible.isEmpty());
      assertThat(index.explain(shape).remaining())
          .isEqualTo((int) possible.stream().map(Slot::host).distinct().count());
      if (slot.isPresent()) {
        assertThat(possible).contains(slot.get());
        assertThat(leftover(index, shape, slot.get()))
            .isEqualTo(possible.stream().mapToInt(s -> leftover(index, shape, s)).min().orElse(-1));
        index.take(slot.get());
        held.add(slot.get());
      }
      if (random.nextInt(3) == 0 && !held.isEmpty()) {
        index.release(held.remove(random.nextInt(held.size())));
      }
    }
  }

  /** What best fit minimises: free GPUs of the host, or free slices of a split GPU before those. */
  private static int leftover(PoolIndex index, Shape shape, Slot slot) {
    HostSlots host =
        index.snapshot().stream().filter(h -> h.id().equals(slot.host())).findFirst().orElseThrow();
    int wholeGpus = Integer.bitCount(GpuBits.wholeGpus(host.freeMask()));
    if (shape.profile() == null) {
      return wholeGpus;
    }
    int gpu = Long.numberOfTrailingZeros(slot.mask()) / 8;
    int freeSlices = Integer.bitCount(GpuBits.byteOf(host.freeMask(), gpu));
    return freeSlices == 8 ? 8 + wholeGpus : freeSlices;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void decidesTheSameInWhateverOrderTheHostsWereRead(long seed) {
    GpuGeometry geometry = geometry(seed);
    List<HostSlots> shuffled = new ArrayList<>(fleet(seed));
    Collections.shuffle(shuffled, new Random(seed));

    assertThat(history(new PoolIndex(geometry, shuffled), geometry, seed))
        .isEqualTo(history(new PoolIndex(geometry, fleet(seed)), geometry, seed));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void decidesTheSameAfterARebuildFromItsRows(long seed) {
    GpuGeometry geometry = geometry(seed);
    PoolIndex index = new PoolIndex(geometry, fleet(seed));
    history(index, geometry, seed);
    PoolIndex rebuilt = new PoolIndex(geometry, index.snapshot());

    assertThat(history(rebuilt, geometry, seed + 1)).isEqualTo(history(index, geometry, seed + 1));
  }

  private static List<Optional<Slot>> history(PoolIndex index, GpuGeometry geometry, long seed) {
    Random random = new Random(seed);
    List<Optional<Slot>> decisions = new ArrayList<>();
    for (int step = 0; step < 60; step++) {
      decisions.add(index.place(Fleets.shape(geometry, random)));
    }
    return decisions;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverRefusesWithOneHostMoreWhatItPlacesWithout(long seed) {
    Random random = new Random(seed);
    GpuGeometry geometry = geometry(seed);
    PoolIndex index = new PoolIndex(geometry, fleet(seed));
    history(index, geometry, seed);
    List<HostSlots> more = new ArrayList<>(index.snapshot());
    more.add(HostSlots.empty(Fleets.host(999), "another", 8, 0, 0));
    PoolIndex larger = new PoolIndex(geometry, more);
    for (int step = 0; step < 100; step++) {
      Shape shape = Fleets.shape(geometry, random);
      if (index.tryPlace(shape).isPresent()) {
        assertThat(larger.tryPlace(shape)).isPresent();
      }
      assertThat(larger.placeable(shape)).isGreaterThanOrEqualTo(index.placeable(shape));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void placesExactlyAsManyOfAShapeAsItPromises(long seed) {
    Random random = new Random(seed);
    GpuGeometry geometry = geometry(seed);
    PoolIndex index = new PoolIndex(geometry, fleet(seed));
    history(index, geometry, seed);
    Shape shape = Fleets.shape(geometry, random);
    int promised = index.placeable(shape);
    int placed = 0;
    while (index.place(shape).isPresent()) {
      placed++;
    }

    assertThat(placed).isEqualTo(promised);
    assertThat(index.explain(shape).remaining()).isZero();
  }
}
