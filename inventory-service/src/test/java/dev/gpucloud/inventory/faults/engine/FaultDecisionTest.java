package dev.gpucloud.inventory.faults.engine;

import static dev.gpucloud.inventory.faults.engine.FaultAction.DRAIN_GPU;
import static dev.gpucloud.inventory.faults.engine.FaultAction.IGNORE;
import static dev.gpucloud.inventory.faults.engine.FaultAction.QUARANTINE_HOST;
import static dev.gpucloud.inventory.faults.engine.FaultAction.WATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.inventory.faults.engine.Breaker.Reading;
import dev.gpucloud.inventory.faults.engine.FaultDecision.Situation;
import dev.gpucloud.inventory.fleet.engine.HostState;
import org.junit.jupiter.api.Test;

class FaultDecisionTest {
  private static final Breaker BREAKER = new Breaker(2, 3);
  private static final Reading QUIET = new Reading(false, 0, 0);
  private static final HostState ACTIVE = new HostState.Active();

  private static Situation on(FaultAction action, HostState state) {
    return new Situation(action, false, state, true, false);
  }

  private static FaultDecision decide(FaultAction action, Reading site) {
    return FaultDecision.of(on(action, ACTIVE), BREAKER, site);
  }

  @Test
  void doesWhatTheRuleAsksFor() {
    assertThat(decide(IGNORE, QUIET)).isEqualTo(FaultDecision.IGNORED);
    assertThat(decide(WATCH, QUIET)).isEqualTo(FaultDecision.WATCHED);
    assertThat(decide(DRAIN_GPU, QUIET)).isEqualTo(FaultDecision.GPU_DRAINED);
    assertThat(decide(QUARANTINE_HOST, QUIET)).isEqualTo(FaultDecision.HOST_QUARANTINED);
  }

  @Test
  void takesTheHostWhenTheReportNamesNoGpu() {
    Situation nameless = new Situation(DRAIN_GPU, false, ACTIVE, false, false);

    assertThat(FaultDecision.of(nameless, BREAKER, QUIET))
        .isEqualTo(FaultDecision.HOST_QUARANTINED);
  }

  @Test
  void opensAtOneTooManyAndStaysOpenForEverything() {
    assertThat(decide(QUARANTINE_HOST, new Reading(false, 1, 9)))
        .isEqualTo(FaultDecision.HOST_QUARANTINED);
    assertThat(decide(QUARANTINE_HOST, new Reading(false, 2, 0)))
        .isEqualTo(FaultDecision.BREAKER_OPENED);
    assertThat(decide(DRAIN_GPU, new Reading(false, 9, 2))).isEqualTo(FaultDecision.GPU_DRAINED);
    assertThat(decide(DRAIN_GPU, new Reading(false, 0, 3))).isEqualTo(FaultDecision.BREAKER_OPENED);
    assertThat(decide(QUARANTINE_HOST, new Reading(true, 0, 0)))
        .isEqualTo(FaultDecision.BREAKER_OPEN);
    assertThat(decide(DRAIN_GPU, new Reading(true, 0, 0))).isEqualTo(FaultDecision.BREAKER_OPEN);
    assertThat(decide(WATCH, new Reading(true, 0, 0))).isEqualTo(FaultDecision.WATCHED);
  }

  @Test
  void aReportFromBeforeTheHostWasDeclaredGoodChangesNothing() {
    Situation stale = new Situation(QUARANTINE_HOST, true, ACTIVE, true, false);

    assertThat(FaultDecision.of(stale, BREAKER, QUIET)).isEqualTo(FaultDecision.STALE);
  }

  @Test
  void whatIsOutAlreadyDoesNotCountForTheBreaker() {
    Reading full = new Reading(false, 2, 3);

    assertThat(
            FaultDecision.of(
                on(QUARANTINE_HOST, new HostState.Quarantined(new HostState.Active())),
                BREAKER,
                full))
        .isEqualTo(FaultDecision.ALREADY_OUT);
    assertThat(FaultDecision.of(on(DRAIN_GPU, new HostState.Retired()), BREAKER, full))
        .isEqualTo(FaultDecision.ALREADY_OUT);
    assertThat(FaultDecision.of(new Situation(DRAIN_GPU, false, ACTIVE, true, true), BREAKER, full))
        .isEqualTo(FaultDecision.ALREADY_OUT);
    assertThat(
            FaultDecision.of(
                new Situation(QUARANTINE_HOST, false, ACTIVE, true, true), BREAKER, QUIET))
        .isEqualTo(FaultDecision.HOST_QUARANTINED);
  }

  @Test
  void aBreakerLetsAtLeastOnePass() {
    assertThatThrownBy(() -> new Breaker(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Breaker(1, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
