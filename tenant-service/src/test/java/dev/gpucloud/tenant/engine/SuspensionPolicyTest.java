package dev.gpucloud.tenant.engine;

import static dev.gpucloud.tenant.engine.SuspensionPolicy.Running.KEEP;
import static dev.gpucloud.tenant.engine.SuspensionPolicy.Running.STOP_AFTER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.ClosingFact;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuspensionPolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-28T09:00:00Z");

  @Test
  void stopsWhatRunsAtTheEndOfTheNotice() {
    assertThat(new SuspensionPolicy(STOP_AFTER, 72).stopAt(NOW))
        .contains(Instant.parse("2026-12-01T09:00:00Z"));
    assertThat(new SuspensionPolicy(STOP_AFTER, 0).stopAt(NOW)).contains(NOW);
    assertThat(SuspensionPolicy.KEEP.stopAt(NOW)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"KEEP, 1, 1", "KEEP, , 0", "STOP_AFTER, , 1", "STOP_AFTER, -1, 1"})
  void hasANoticeExactlyWhenItStops(SuspensionPolicy.Running running, Integer hours, int wrong) {
    var violations = new Violations();
    new SuspensionPolicy(running, hours).check("/suspensionPolicy", violations);
    assertThat(violations.count()).isEqualTo(wrong);
  }

  @Test
  void boundsTheNotice() {
    var violations = new Violations();
    new SuspensionPolicy(STOP_AFTER, 2160).check("", violations);
    assertThat(violations.isEmpty()).isTrue();
    new SuspensionPolicy(STOP_AFTER, 2161).check("", violations);
    assertThat(violations.count()).isEqualTo(1);
    assertThat(SuspensionPolicy.KEEP.running()).isEqualTo(KEEP);
  }

  @Test
  void waitsForEveryServiceBeforeAFarewell() {
    List<ClosingFact.Blocker> none = List.of();
    assertThat(Farewell.blockers(Map.of()).stream().map(Farewell.Blocker::code))
        .containsExactly("NOT_REPORTED", "NOT_REPORTED");
    assertThat(
            Farewell.blockers(
                Map.of(
                    "billing-service",
                    none,
                    "inventory-service",
                    List.of(new ClosingFact.Blocker("INSTANCES", "1 instance is left.")))))
        .containsExactly(
            new Farewell.Blocker("INSTANCES", "inventory-service", "1 instance is left."));
    assertThat(Farewell.blockers(Map.of("billing-service", none, "inventory-service", none)))
        .isEmpty();
  }
}
