package dev.gpucloud.inventory.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.RunReport;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StampsTest {
  private static final Instant ASKED = Instant.parse("2026-11-02T00:00:00Z");
  private static final Instant NOW = ASKED.plusSeconds(3600);
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static Stamps.Judged judge(Instant at) {
    UUID id = new UUID(1, 1);
    RunReport report =
        new RunReport(
            "kr-ulsan-1",
            new HostId(id),
            new InstanceId(id),
            new RunId(id),
            1,
            1,
            RunReport.RUNNING,
            at,
            false,
            null);
    return Stamps.judge(report, ASKED, NOW, TOLERANCE);
  }

  private static Instant counted(Instant at) {
    Stamps.Judged judged = judge(at);
    assertThat(judged.refused()).isNull();
    return judged.report().at();
  }

  @Test
  void whatHappenedBetweenTheOrderAndNowCountsAsItIsTold() {
    assertThat(counted(ASKED)).isEqualTo(ASKED);
    assertThat(counted(ASKED.plusSeconds(7))).isEqualTo(ASKED.plusSeconds(7));
    assertThat(counted(NOW)).isEqualTo(NOW);
  }

  @Test
  void aClockThatIsALittleSlowDoesNotBeginARunBeforeItWasAskedFor() {
    assertThat(counted(ASKED.minus(TOLERANCE))).isEqualTo(ASKED);
    assertThat(judge(ASKED.minus(TOLERANCE).minusMillis(1)).refused())
        .isEqualTo("BEFORE_ITS_ORDER");
    assertThat(judge(Instant.parse("2020-01-01T00:00:00Z")).refused())
        .isEqualTo("BEFORE_ITS_ORDER");
  }

  @Test
  void nothingIsReportedBeforeItHappens() {
    assertThat(counted(NOW.plus(TOLERANCE))).isEqualTo(NOW.plus(TOLERANCE));
    assertThat(judge(NOW.plus(TOLERANCE).plusMillis(1)).refused()).isEqualTo("AHEAD_OF_CLOCK");
    assertThat(judge(Instant.parse("2099-01-01T00:00:00Z")).refused()).isEqualTo("AHEAD_OF_CLOCK");
  }
}
