package dev.gpucloud.agent.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.agent.engine.Fault;
import dev.gpucloud.agent.engine.Observation;
import dev.gpucloud.agent.engine.RunSpec;
import dev.gpucloud.agent.fixture.ManualClock;
import dev.gpucloud.contracts.event.RunSetup;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SimulatedDriverTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private final ManualClock system = new ManualClock(START);

  @Test
  void bootsAroundTheMedian() {
    SimulatedDriver driver = driver(42, 0);
    List<Duration> boots = new ArrayList<>();
    for (int run = 0; run < 1001; run++) {
      driver.start(run(run, 1), START);
      Instant due = driver.nextObservation().orElseThrow();
      boots.add(Duration.between(START, due));
      driver.release(run(run, 1), START.minusSeconds(60));
      system.advance(Duration.ofSeconds(5));
      driver.observations();
      system.advance(Duration.ofSeconds(-5));
    }
    boots.sort(null);
    assertThat(boots.get(500)).isBetween(Duration.ofMillis(950), Duration.ofMillis(1050));
    assertThat(boots.getFirst()).isGreaterThanOrEqualTo(Duration.ofMillis(250));
    assertThat(boots.getLast()).isLessThanOrEqualTo(Duration.ofMillis(4000));
  }

  @Test
  void showsNothingBeforeItsTime() {
    SimulatedDriver driver = driver(42, 0);
    driver.start(run(1, 1), START);
    Instant due = driver.nextObservation().orElseThrow();

    assertThat(driver.observations()).isEmpty();
    system.advance(Duration.between(START, due));
    assertThat(driver.observations()).containsExactly(new Observation.Running(run(1, 1).runId()));
    assertThat(driver.observations()).isEmpty();
    assertThat(driver.nextObservation()).isEmpty();
  }

  @Test
  void aRestartKeepsTheTimetable() {
    SimulatedDriver before = driver(42, 0.5);
    before.start(run(1, 1), START);
    SimulatedDriver after = driver(42, 0.5);
    after.start(run(1, 1), START);

    assertThat(after.nextObservation()).isEqualTo(before.nextObservation());
  }

  @Test
  void someRunsSeeTheirGpuLogAnErrorOnceAndARestartDoesNotRepeatIt() {
    SimulatedSettings settings =
        new SimulatedSettings(7, Duration.ofSeconds(1), Duration.ofMillis(300), 0, 0, 0.5);
    SimulatedDriver driver = new SimulatedDriver(settings, system);
    for (int run = 0; run < 1000; run++) {
      driver.start(run(run, 1), START);
    }
    assertThat(driver.faults()).isEmpty();
    system.advance(Duration.ofMinutes(2));

    List<Fault> faults = driver.faults();
    assertThat(faults).hasSizeBetween(430, 570);
    assertThat(faults).allMatch(fault -> fault.gpu() != null && fault.xid() > 0);
    assertThat(driver.faults()).isEmpty();

    SimulatedDriver restarted = new SimulatedDriver(settings, system);
    for (int run = 0; run < 1000; run++) {
      restarted.start(run(run, 1), START);
    }
    system.advance(Duration.ofMinutes(2));
    assertThat(restarted.faults()).isEmpty();
  }

  @Test
  void aReleaseReplacesABoot() {
    SimulatedDriver driver = driver(42, 0);
    driver.start(run(1, 1), START);
    driver.release(run(1, 1), START);
    system.advance(Duration.ofMinutes(1));

    assertThat(driver.observations()).containsExactly(new Observation.Released(run(1, 1).runId()));
  }

  @Test
  void aRebootTakesABootAndDoesNotFail() {
    SimulatedDriver driver = driver(42, 1);
    RunSpec run = run(1, 1);
    driver.reboot(
        new RunSpec(run.runId(), run.hostId(), 1, run.instanceType(), run.slots(), null, 1, null),
        START);
    system.advance(Duration.ofSeconds(5));

    assertThat(driver.observations()).containsExactly(new Observation.Running(run.runId()));
  }

  @Test
  void saysOnItsConsoleWhatItWasGivenButNotTheSecrets() {
    SimulatedDriver driver = driver(42, 0);
    RunSpec run = run(1, 1);
    RunSetup setup =
        new RunSetup(List.of("ssh-ed25519 AAAA kim"), "c2VjcmV0", null, "10.64.0.4/24", null, 4097);
    driver.start(
        new RunSpec(
            run.runId(), run.hostId(), 1, run.instanceType(), 255, "rocky-9-cuda-13:1", 0, setup),
        START);
    assertThat(driver.consoles()).isEmpty();
    system.advance(Duration.ofSeconds(5));
    driver.observations();

    String text = driver.consoles().getFirst().text();
    assertThat(text)
        .contains("booting rocky-9-cuda-13:1", "eth0: 10.64.0.4/24", "partition key 0x1001")
        .contains("1 public keys", "6 bytes of user data", "login:")
        .doesNotContain("c2VjcmV0", "secret");
    assertThat(driver.consoles()).isEmpty();
  }

  @Test
  void failsAtTheRateAndMaySucceedAtTheNextAttempt() {
    SimulatedDriver driver = driver(42, 0.25);
    for (int run = 0; run < 2000; run++) {
      driver.start(run(run, 1), START);
    }
    system.advance(Duration.ofMinutes(1));
    List<Observation> first = driver.observations();
    List<Observation> failed = first.stream().filter(Observation.Failed.class::isInstance).toList();
    assertThat(failed).hasSizeBetween(420, 580);

    for (Observation one : failed) {
      driver.start(
          new RunSpec(one.runId(), new HostId(new UUID(0, 1)), 2, "b200.1x", 1, null), START);
    }
    assertThat(driver.observations().stream().filter(Observation.Running.class::isInstance))
        .hasSizeGreaterThan(300);
  }

  @Test
  void bootsNothingOnTheHostsThatTheSeedMakesBad() {
    SimulatedDriver driver =
        new SimulatedDriver(
            new SimulatedSettings(7, Duration.ofSeconds(1), Duration.ofMillis(300), 0, 0.25, 0),
            system);
    for (int host = 0; host < 400; host++) {
      driver.start(on(host, host), START);
      driver.start(on(host, host + 400), START);
    }
    system.advance(Duration.ofMinutes(1));
    Set<RunId> failed =
        driver.observations().stream()
            .filter(Observation.Failed.class::isInstance)
            .map(Observation::runId)
            .collect(Collectors.toSet());

    for (int host = 0; host < 400; host++) {
      assertThat(failed.contains(on(host, host).runId()))
          .isEqualTo(failed.contains(on(host, host + 400).runId()));
    }
    assertThat(failed).hasSizeBetween(140, 260);
  }

  private static RunSpec on(int host, int run) {
    return new RunSpec(
        new RunId(new UUID(run * 7919L, run)),
        new HostId(new UUID(host * 31L, host)),
        1,
        "b200.1x",
        1,
        null);
  }

  @Test
  void rejectsARateThatIsNone() {
    assertThatThrownBy(() -> driver(1, 1.5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> driver(1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
  }

  private SimulatedDriver driver(long seed, double failureRate) {
    return new SimulatedDriver(
        new SimulatedSettings(
            seed, Duration.ofSeconds(1), Duration.ofMillis(300), failureRate, 0, 0),
        system);
  }

  private static RunSpec run(int number, long attempt) {
    return new RunSpec(
        new RunId(new UUID(number * 7919L, number)),
        new HostId(new UUID(0, 1)),
        attempt,
        "b200.1x",
        1,
        null);
  }
}
