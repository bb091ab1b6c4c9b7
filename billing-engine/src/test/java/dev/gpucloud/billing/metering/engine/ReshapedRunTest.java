package dev.gpucloud.billing.metering.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a resize and a move make of a run's usage. */
class ReshapedRunTest {
  private static final Instant T0 = Instant.parse("2026-11-02T00:00:00Z");
  private static final Scope VISION = scope(1, "vision");
  private static final Scope RESEARCH = scope(2, "research");

  private static Scope scope(int project, String slug) {
    return new Scope(new TenantId(new UUID(1, 1)), new ProjectId(new UUID(2, project)), slug, null);
  }

  private static Shape b200(int gpus) {
    return new Shape("b200." + gpus + "x", "b200", gpus, null, "s", "r", "ON_DEMAND");
  }

  private static RunFact fact(long sequence, RunFact.Kind kind, int minute, Scope who, int gpus) {
    return new RunFact(sequence, kind, T0.plusSeconds(60L * minute), who, b200(gpus));
  }

  private static RunUsage tiled(RunFact... facts) {
    return RunUsage.tile(
            new RunId(new UUID(5, 1)), new InstanceId(new UUID(4, 1)), "trainer", List.of(facts))
        .orElseThrow();
  }

  @Test
  void aResizeSplitsTheRunAtTheAgentsStamp() {
    RunUsage run =
        tiled(
            fact(3, RunFact.Kind.STARTED, 0, VISION, 1),
            fact(5, RunFact.Kind.RESIZED, 30, VISION, 4),
            fact(6, RunFact.Kind.STOPPED, 50, VISION, 4));

    assertThat(run.intervals())
        .containsExactly(
            new UsageInterval(T0, T0.plusSeconds(1800), VISION, b200(1)),
            new UsageInterval(T0.plusSeconds(1800), T0.plusSeconds(3000), VISION, b200(4)));
    assertThat(run.paddingMillis()).isZero();
  }

  @Test
  void aMoveChangesTheProjectFromThenOn() {
    RunUsage run =
        tiled(
            fact(3, RunFact.Kind.STARTED, 0, VISION, 8),
            fact(4, RunFact.Kind.MOVED, 20, RESEARCH, 8));

    assertThat(run.intervals())
        .containsExactly(
            new UsageInterval(T0, T0.plusSeconds(1200), VISION, b200(8)),
            new UsageInterval(T0.plusSeconds(1200), null, RESEARCH, b200(8)));
  }

  @Test
  void aMoveWhileItBootsBillsNothingBeforeTheStart() {
    RunUsage run =
        tiled(
            fact(2, RunFact.Kind.MOVED, -10, RESEARCH, 8),
            fact(3, RunFact.Kind.STARTED, 0, RESEARCH, 8),
            fact(4, RunFact.Kind.STOPPED, 5, RESEARCH, 8));

    assertThat(run.intervals())
        .containsExactly(new UsageInterval(T0, T0.plusSeconds(300), RESEARCH, b200(8)));
  }

  @Test
  void whatHappensAfterTheStopBelongsToNoInterval() {
    RunUsage run =
        tiled(
            fact(3, RunFact.Kind.STARTED, 0, VISION, 1),
            fact(4, RunFact.Kind.STOPPED, 5, VISION, 1),
            fact(6, RunFact.Kind.RESIZED, 9, VISION, 8),
            fact(7, RunFact.Kind.MOVED, 10, RESEARCH, 8));

    assertThat(run.intervals())
        .containsExactly(new UsageInterval(T0, T0.plusSeconds(300), VISION, b200(1)));
    assertThat(run.end()).isEqualTo(T0.plusSeconds(300));
  }
}
