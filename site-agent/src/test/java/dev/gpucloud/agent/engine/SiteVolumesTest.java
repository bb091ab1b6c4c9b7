package dev.gpucloud.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.agent.fixture.HandDriver;
import dev.gpucloud.agent.fixture.ManualClock;
import dev.gpucloud.agent.fixture.Orders;
import dev.gpucloud.contracts.event.VolumeOrderFact;
import dev.gpucloud.contracts.event.VolumeReport;
import dev.gpucloud.contracts.id.VolumeId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Volumes that are to be gone. */
class SiteVolumesTest {
  private static final VolumeId VOLUME = absent(1).volumeId();
  private static final String NAME = VOLUME.toString();

  private final ManualClock business = ManualClock.at("2026-11-02T00:00:10Z");
  private final ManualClock system = ManualClock.at("2030-01-01T00:00:00Z");
  private final HandDriver driver = new HandDriver();
  private final Orders one = Orders.of(1, 1, 1);
  private SiteEngine engine =
      new SiteEngine(Snapshot.empty("kr-ulsan-1"), driver, business, system);

  @Test
  void isDeletedOnceItsRunHasLetItGoAndReportedWhenItIsGone() {
    bootWith(NAME, "vol-b");
    assertThat(engine.apply(absent(1))).isEqualTo(Applied.ACCEPTED);
    engine.converge();
    assertThat(driver.asked).noneMatch(asked -> asked.startsWith("delete"));

    engine.apply(one.runningWith(2, "vol-b"));
    engine.converge();
    engine.converge();
    assertThat(driver.asked)
        .endsWith("configure 1 with vol-b", "delete 7")
        .containsOnlyOnce("delete 7");
    assertThat(engine.unsentVolumes()).isEmpty();

    gone();
    assertThat(engine.unsentVolumes())
        .containsExactly(
            new VolumeReport("kr-ulsan-1", VOLUME, 1, VolumeReport.ABSENT, business.instant()));
    engine.volumesSent(1);
    assertThat(engine.unsentVolumes()).isEmpty();
  }

  @Test
  void goesWhenTheRunThatHadItIsReleased() {
    bootWith(NAME);
    engine.apply(one.absent(2));
    engine.apply(absent(1));
    engine.converge();
    assertThat(driver.asked).endsWith("release 1");

    driver.sees(new Observation.Released(one.runId()));
    engine.converge();
    assertThat(driver.asked).endsWith("delete 7");
  }

  @Test
  void anOrderThatIsRepeatedAsksAgainAndThenReportsTheSame() {
    engine.apply(absent(3));
    engine.converge();
    assertThat(engine.apply(absent(3))).isEqualTo(Applied.REPEATED);
    engine.converge();
    assertThat(driver.asked).containsExactly("delete 7", "delete 7");
    gone();
    VolumeReport first = engine.unsentVolumes().getFirst();
    engine.volumesSent(1);
    business.advance(Duration.ofHours(1));

    assertThat(engine.apply(absent(2))).isEqualTo(Applied.STALE_SEQUENCE);
    assertThat(engine.apply(absent(3))).isEqualTo(Applied.REPEATED);
    engine.converge();

    assertThat(engine.unsentVolumes()).containsExactly(first);
    assertThat(driver.asked).hasSize(2);
  }

  @Test
  void isAskedForAgainAfterARestartUntilItIsGone() {
    engine.apply(absent(1));
    engine.converge();
    assertThat(engine.takeChanged()).isTrue();
    restart();
    engine.converge();
    assertThat(driver.asked).containsExactly("delete 7", "delete 7");

    gone();
    assertThat(engine.takeChanged()).isTrue();
    restart();
    engine.converge();
    assertThat(driver.asked).hasSize(2);
  }

  @Test
  void noRunIsGivenOneThatIsGoneHoweverLateItsOrderComes() {
    engine.apply(absent(1));
    engine.converge();
    gone();
    restart();
    driver.asked.clear();

    engine.apply(one.runningWith(1, NAME, "vol-b"));
    engine.converge();
    assertThat(driver.asked).isEmpty();

    engine.apply(one.runningWith(2, "vol-b"));
    engine.converge();
    assertThat(driver.asked).containsExactly("start 1#2 with vol-b");
  }

  @Test
  void aRunningRunDoesNotGetOneThatIsToBeGone() {
    bootWith("vol-b");
    engine.apply(absent(1));
    engine.apply(one.runningWith(2, NAME, "vol-b"));
    engine.converge();

    assertThat(driver.asked).endsWith("configure 1 with vol-b", "delete 7");
  }

  @Test
  void isRememberedForAsLongAsAReleasedRun() {
    engine.apply(absent(1));
    engine.converge();
    gone();
    system.advance(Duration.ofDays(30));
    engine.forgetReleased(Duration.ofDays(30), 100);
    assertThat(engine.snapshot().volumes()).hasSize(1);

    engine.takeChanged();
    system.advance(Duration.ofSeconds(1));
    engine.forgetReleased(Duration.ofDays(30), 100);
    assertThat(engine.snapshot().volumes()).isEmpty();
    assertThat(engine.takeChanged()).isTrue();
  }

  private void bootWith(String... volumes) {
    engine.apply(one.runningWith(1, volumes));
    engine.converge();
    driver.sees(new Observation.Running(one.runId()));
    engine.converge();
  }

  private void gone() {
    driver.deleted(VOLUME);
    engine.converge();
  }

  private void restart() {
    engine = new SiteEngine(engine.snapshot(), driver, business, system);
  }

  private static VolumeOrderFact absent(long sequence) {
    return Orders.absentVolume(7, sequence);
  }
}
