package dev.gpucloud.inventory.placement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;

class PoolIndexTest {
  private final PoolIndex index = new PoolIndex(Fleets.B200, Fleets.empty(2, 8));

  private static Shape gpus(int n) {
    return Shape.wholeGpus(n, 28 * n, 224 * n);
  }

  private static Shape slice(String profile) {
    return Shape.slice(Fleets.B200.profile(profile).orElseThrow(), 4, 32);
  }

  @Test
  void fillsTheFullestHostThatStillFits() {
    index.place(gpus(4));
    index.place(gpus(8));

    assertThat(index.place(gpus(4)).orElseThrow())
        .isEqualTo(new Slot(Fleets.host(0), 0xFFFFFFFF00000000L, 112, 896));
    assertThat(index.place(gpus(1))).isEmpty();
  }

  @Test
  void keepsWholeGpusAndSlicesApart() {
    PoolIndex one = new PoolIndex(Fleets.B200, Fleets.empty(1, 8));
    one.place(slice("1g.23gb"));

    assertThat(one.place(Shape.wholeGpus(8, 0, 0))).isEmpty();
    assertThat(one.place(Shape.wholeGpus(7, 0, 0))).isPresent();
    assertThat(one.place(Shape.wholeGpus(1, 0, 0))).isEmpty();
    assertThat(one.placeable(slice("1g.23gb"))).isEqualTo(6);
  }

  @Test
  void putsSmallSlicesWhereALargeOneStillFits() {
    PoolIndex one = new PoolIndex(Fleets.B200, Fleets.empty(1, 1));
    one.place(slice("1g.23gb"));
    one.place(slice("1g.23gb"));
    one.place(slice("1g.23gb"));

    assertThat(one.place(slice("4g.90gb"))).isPresent();
  }

  @Test
  void takesSevenOfTheSmallestSliceAndNoEighth() {
    PoolIndex one = new PoolIndex(Fleets.B200, Fleets.empty(1, 1));
    for (int n = 0; n < 7; n++) {
      assertThat(one.place(slice("1g.23gb"))).isPresent();
    }

    assertThat(one.place(slice("1g.23gb"))).isEmpty();
  }

  @Test
  void leavesAClosedHostAlone() {
    index.setOpen(Fleets.host(0), false);

    assertThat(index.place(gpus(8)).orElseThrow().host()).isEqualTo(Fleets.host(1));
    assertThat(index.place(gpus(1))).isEmpty();
    index.setOpen(Fleets.host(0), true);
    assertThat(index.place(gpus(8)).orElseThrow().host()).isEqualTo(Fleets.host(0));
  }

  @Test
  void countsAHostUnderTheFirstConstraintThatRemovesIt() {
    PoolIndex three = new PoolIndex(Fleets.B200, Fleets.empty(5, 8));
    three.setOpen(Fleets.host(0), false);
    three.take(new Slot(Fleets.host(1), 0xFF, 0, 0));
    three.take(new Slot(Fleets.host(2), 0xFF, 0, 0));
    three.take(new Slot(Fleets.host(3), 1L << 8, 1, 0));
    three.take(new Slot(Fleets.host(4), 1L << 8, 0, 1));

    Tally tally = three.explain(Shape.wholeGpus(7, 224, 1792));

    assertThat(tally.hosts()).isEqualTo(5);
    assertThat(tally.removed())
        .containsOnly(
            entry(Constraint.HOST_STATE, 1),
            entry(Constraint.VCPUS, 1),
            entry(Constraint.MEMORY, 1));
    assertThat(tally.remaining()).isEqualTo(2);
    assertThat(three.explain(Shape.wholeGpus(8, 224, 1792)).removed())
        .containsOnly(entry(Constraint.HOST_STATE, 1), entry(Constraint.GPUS, 4));
    assertThat(three.explain(Shape.wholeGpus(1, 225, 1)).removed())
        .containsOnly(entry(Constraint.HOST_STATE, 1), entry(Constraint.HOST_SIZE, 4));
  }

  @Test
  void refusesToReleaseWhatWasNotTaken() {
    Slot slot = new Slot(Fleets.host(0), 0xFF, 1, 1);

    assertThatThrownBy(() -> index.release(slot)).isInstanceOf(IllegalStateException.class);
    index.take(slot);
    assertThatThrownBy(() -> index.take(slot)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesTheSameHostTwice() {
    List<HostSlots> twice = List.of(Fleets.empty(1, 8).getFirst(), Fleets.empty(1, 8).getFirst());

    assertThatThrownBy(() -> new PoolIndex(Fleets.B200, twice))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void addsUpItsRoom() {
    index.place(slice("3g.90gb"));

    assertThat(index.room()).isEqualTo(new PoolIndex.Room(2, 128, 124, 15));
  }
}
