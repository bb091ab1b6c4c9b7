package dev.gpucloud.kit.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockStateTest {
  private static final Instant SYSTEM = Instant.parse("2026-11-22T00:00:00Z");

  @Test
  void runsAtAnOffset() {
    var state = new ClockState(1, ClockState.Mode.RUNNING, 3_600_000, null);

    assertThat(state.at(SYSTEM)).isEqualTo("2026-11-22T01:00:00Z");
  }

  @Test
  void standsStillWhenFrozen() {
    Instant frozen = Instant.parse("2026-12-01T00:00:00Z");
    var state = new ClockState(2, ClockState.Mode.FROZEN, 0, frozen);

    assertThat(state.at(SYSTEM)).isEqualTo(state.at(SYSTEM.plusSeconds(60))).isEqualTo(frozen);
  }

  @Test
  void ignoresOlderStates() {
    var clock = new BusinessClock();
    clock.follow(new ClockState(2, ClockState.Mode.FROZEN, 0, SYSTEM));
    clock.follow(new ClockState(1, ClockState.Mode.RUNNING, 0, null));

    assertThat(clock.instant()).isEqualTo(SYSTEM);
  }
}
