package dev.gpucloud.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.agent.fixture.HandDriver;
import dev.gpucloud.agent.fixture.ManualClock;
import dev.gpucloud.agent.fixture.Orders;
import dev.gpucloud.contracts.event.GpuFault;
import dev.gpucloud.contracts.event.HostHeartbeat;
import dev.gpucloud.contracts.event.OrderFact;
import dev.gpucloud.contracts.event.RunReport;
import dev.gpucloud.contracts.event.RunSetup;
import dev.gpucloud.contracts.id.HostId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SiteEngineTest {
  private final ManualClock business = ManualClock.at("2026-11-02T00:00:10Z");
  private final ManualClock system = ManualClock.at("2030-01-01T00:00:00Z");
  private final HandDriver driver = new HandDriver();
  private final Orders one = Orders.of(1, 1, 1);
  private SiteEngine engine =
      new SiteEngine(Snapshot.empty("kr-ulsan-1"), driver, business, system);

  @Test
  void reportsBootingThenRunningWithTheBusinessTimeOfEach() {
    engine.apply(one.running(1));
    engine.converge();
    business.advance(Duration.ofSeconds(3));
    driver.sees(new Observation.Running(one.runId()));
    engine.converge();

    assertThat(engine.unsent())
        .extracting(Report::data)
        .extracting(RunReport::observed, report -> report.at().toString(), RunReport::scrubbed)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("BOOTING", "2026-11-02T00:00:10Z", false),
            org.assertj.core.groups.Tuple.tuple("RUNNING", "2026-11-02T00:00:13Z", false));
  }

  @Test
  void stampsFaultsWithBothClocksAndKeepsThemUntilTheyAreSent() {
    HostId host = new HostId(new UUID(1, 9));
    driver.logs(new Fault(host, 3, 48, "double bit"));
    driver.logs(new Fault(host, null, 79, "gone"));
    engine.converge();

    assertThat(engine.unsentFaults()).extracting(GpuFault::xid).containsExactly(48, 79);
    assertThat(engine.unsentFaults().getFirst().at()).isEqualTo(business.instant());
    assertThat(engine.unsentFaults().getFirst().loggedAt()).isEqualTo(system.instant());
    engine.faultsSent(1);
    assertThat(engine.unsentFaults()).extracting(GpuFault::xid).containsExactly(79);
  }

  @Test
  void reportsReleasedOnlyAfterTheScrub() {
    boot(one);
    engine.apply(one.absent(2));
    engine.converge();
    assertThat(observed()).containsExactly("BOOTING", "RUNNING");

    driver.sees(new Observation.Released(one.runId()));
    engine.converge();

    assertThat(observed()).containsExactly("BOOTING", "RUNNING", "RELEASED");
    RunReport released = engine.unsent().getLast().data();
    assertThat(released.scrubbed()).isTrue();
    assertThat(released.orderSequence()).isEqualTo(2);
  }

  @Test
  void neverStampsBeforeTheOrderWasIssued() {
    engine.apply(one.issuedAt("2026-11-02T09:00:00Z").running(1));
    engine.converge();

    assertThat(engine.unsent().getFirst().data().at())
        .isEqualTo(Instant.parse("2026-11-02T09:00:00Z"));
  }

  @Test
  void answersARepeatedOrderWithTheSameReportAgain() {
    boot(one);
    Report first = engine.unsent().getLast();
    business.advance(Duration.ofHours(8));

    Applied applied = engine.apply(one.running(1));
    engine.converge();

    assertThat(applied).isEqualTo(Applied.REPEATED);
    assertThat(engine.unsent().getLast()).isEqualTo(first);
    assertThat(engine.unsent().getLast().id()).isEqualTo(first.id());
    assertThat(driver.asked).containsExactly("start 1#1");
  }

  @Test
  void answersANewerOrderForTheSameStateWithItsFirstStamp() {
    boot(one);
    Report first = engine.unsent().getLast();
    business.advance(Duration.ofHours(8));

    engine.apply(one.running(2));
    engine.converge();

    Report second = engine.unsent().getLast();
    assertThat(second.data().observed()).isEqualTo("RUNNING");
    assertThat(second.data().at()).isEqualTo(first.data().at());
    assertThat(second.data().orderSequence()).isEqualTo(2);
    assertThat(second.id()).isNotEqualTo(first.id());
  }

  @Test
  void ignoresAnOlderSequence() {
    boot(one);
    engine.apply(one.absent(3));
    engine.converge();

    assertThat(engine.apply(one.running(2))).isEqualTo(Applied.STALE_SEQUENCE);
    driver.sees(new Observation.Released(one.runId()));
    engine.converge();
    assertThat(observed()).endsWith("RELEASED");
  }

  @Test
  void ignoresAnOlderEpoch() {
    engine.apply(one.order(OrderFact.RUNNING, 1, 7));

    assertThat(engine.apply(one.order(OrderFact.ABSENT, 2, 6))).isEqualTo(Applied.STALE_EPOCH);
  }

  @Test
  void ignoresAnotherDemandUnderTheSameSequence() {
    engine.apply(one.running(1));

    assertThat(engine.apply(one.absent(1))).isEqualTo(Applied.CONFLICTING);
    assertThat(engine.apply(Orders.of(1, 1, 2).running(1))).isEqualTo(Applied.CONFLICTING);
  }

  @Test
  void startsNothingWhenTheRunIsGoneAgainBeforeItActs() {
    engine.apply(one.running(1));
    engine.apply(one.absent(2));
    engine.converge();
    driver.sees(new Observation.Released(one.runId()));
    engine.converge();

    assertThat(driver.asked).containsExactly("release 1");
    assertThat(observed()).containsExactly("RELEASED");
  }

  @Test
  void proofsTheReleaseOfARunItNeverSaw() {
    engine.apply(one.absent(5));
    engine.converge();
    driver.sees(new Observation.Released(one.runId()));
    engine.converge();

    assertThat(observed()).containsExactly("RELEASED");
  }

  @Test
  void startsOnHeldSlotsOnlyAfterTheirRelease() {
    boot(one);
    Orders two = Orders.of(1, 2, 2).slots("ff00000000000080");
    engine.apply(two.running(1));
    engine.converge();
    engine.converge();
    assertThat(driver.asked).containsExactly("start 1#1");
    assertThat(engine.slotWaits()).isEqualTo(1);

    engine.apply(one.absent(2));
    engine.converge();
    assertThat(driver.asked).containsExactly("start 1#1", "release 1");

    driver.sees(new Observation.Released(one.runId()));
    engine.converge();
    assertThat(driver.asked).containsExactly("start 1#1", "release 1", "start 2#1");
  }

  @Test
  void startsBesideARunWithOtherSlots() {
    boot(one);
    engine.apply(Orders.of(1, 2, 2).slots("ff00").running(1));
    engine.apply(Orders.of(2, 3, 3).running(1));
    engine.converge();

    assertThat(driver.asked).containsExactly("start 1#1", "start 2#1", "start 3#1");
  }

  @Test
  void releasesTheOldRunWhenTheInstanceIsOrderedAsANewRun() {
    boot(one);
    Orders again = Orders.of(1, 1, 9);
    engine.apply(again.running(2));
    engine.converge();
    assertThat(driver.asked).containsExactly("start 1#1", "release 1");

    driver.sees(new Observation.Released(one.runId()));
    engine.converge();
    assertThat(driver.asked).containsExactly("start 1#1", "release 1", "start 9#2");
  }

  @Test
  void keepsAFailedRunUntilItIsOrderedAgain() {
    engine.apply(one.running(1));
    engine.converge();
    driver.sees(new Observation.Failed(one.runId(), "BOOT_FAILED"));
    engine.converge();
    engine.converge();
    assertThat(observed()).containsExactly("BOOTING", "FAILED");
    assertThat(engine.unsent().getLast().data().reason()).isEqualTo("BOOT_FAILED");
    assertThat(driver.asked).containsExactly("start 1#1");

    engine.apply(one.running(2));
    engine.converge();
    assertThat(observed()).containsExactly("BOOTING", "FAILED", "BOOTING");
    assertThat(driver.asked).containsExactly("start 1#1", "start 1#2");
  }

  @Test
  void resumesABootAfterARestart() {
    engine.apply(one.running(1));
    engine.converge();
    restart();
    driver.sees(new Observation.Running(one.runId()));
    engine.converge();

    assertThat(driver.asked).containsExactly("start 1#1", "start 1#1");
    assertThat(observed()).containsExactly("BOOTING", "RUNNING");
  }

  @Test
  void resumesAReleaseAfterARestart() {
    boot(one);
    engine.apply(one.absent(2));
    engine.converge();
    restart();
    driver.sees(new Observation.Released(one.runId()));
    engine.converge();

    assertThat(driver.asked).containsExactly("start 1#1", "release 1", "release 1");
    assertThat(observed()).endsWith("RELEASED");
  }

  @Test
  void carriesOutAfterARestartWhatWasOrderedBefore() {
    engine.apply(one.running(1));
    restart();
    engine.converge();

    assertThat(driver.asked).containsExactly("start 1#1");
  }

  @Test
  void keepsReportsUntilTheyAreSent() {
    boot(one);
    engine.sent(1);
    restart();

    assertThat(observed()).containsExactly("RUNNING");
  }

  @Test
  void forgetsReleasedRunsAfterTheRetentionOnly() {
    release(one);
    boot(Orders.of(2, 2, 2));

    system.advance(Duration.ofDays(1));
    engine.forgetReleased(Duration.ofDays(1), 10);
    assertThat(engine.snapshot().runs()).hasSize(2);
    assertThat(engine.apply(one.running(1))).isEqualTo(Applied.STALE_SEQUENCE);

    system.advance(Duration.ofSeconds(1));
    engine.forgetReleased(Duration.ofDays(1), 10);
    assertThat(engine.snapshot().runs())
        .extracting(Run::id)
        .containsExactly(Orders.of(2, 2, 2).runId());
  }

  @Test
  void forgetsTheOldestReleasedRunsWhenThereAreTooMany() {
    release(one);
    system.advance(Duration.ofSeconds(1));
    release(Orders.of(2, 2, 2));
    boot(Orders.of(3, 3, 3));

    engine.forgetReleased(Duration.ofDays(1), 2);
    assertThat(engine.snapshot().runs()).hasSize(3);
    engine.forgetReleased(Duration.ofDays(1), 1);
    assertThat(engine.snapshot().runs())
        .extracting(Run::id)
        .containsExactlyInAnyOrder(Orders.of(2, 2, 2).runId(), Orders.of(3, 3, 3).runId());
  }

  private void release(Orders orders) {
    boot(orders);
    engine.apply(orders.absent(2));
    engine.converge();
    driver.sees(new Observation.Released(orders.runId()));
    engine.converge();
  }

  @Test
  void beatsForEachHostThatHasSomethingToDoWithItsRunningRuns() {
    boot(one);
    boot(Orders.of(2, 2, 2));
    boot(Orders.of(2, 3, 3).slots("ff00"));
    engine.apply(Orders.of(3, 4, 4).running(1));
    engine.converge();
    Instant moved = Instant.parse("2026-11-02T08:00:00Z");

    List<HostHeartbeat> beats = engine.snapshot().heartbeats(moved);

    assertThat(beats).extracting(beat -> beat.runs().size()).containsExactly(1, 2, 0);
    assertThat(beats.get(1).hostId()).isEqualTo(Orders.of(2, 2, 2).hostId());
    assertThat(beats.get(1).runs())
        .containsExactly(
            new HostHeartbeat.AliveRun(Orders.of(2, 2, 2).runId(), moved, 1),
            new HostHeartbeat.AliveRun(Orders.of(2, 3, 3).runId(), moved, 1));
  }

  @Test
  void tellsWhetherThereIsSomethingToKeep() {
    assertThat(engine.takeChanged()).isFalse();
    engine.apply(one.running(1));
    assertThat(engine.takeChanged()).isTrue();
    assertThat(engine.takeChanged()).isFalse();
    engine.apply(one.running(1));
    assertThat(engine.takeChanged()).isFalse();
  }

  @Test
  void rebootsARunningRunOnceForEachGeneration() {
    boot(one);
    engine.apply(one.rebooted(1, 2));
    engine.converge();
    assertThat(observed()).containsExactly("BOOTING", "RUNNING", "REBOOTING");
    assertThat(engine.snapshot().heartbeats(Orders.ISSUED).getFirst().runs()).hasSize(1);

    business.advance(Duration.ofSeconds(9));
    driver.sees(new Observation.Running(one.runId()));
    engine.converge();
    engine.apply(one.rebooted(1, 3));
    engine.converge();

    assertThat(driver.asked).containsExactly("start 1#1", "reboot 1@1 slots ff");
    RunReport last = engine.unsent().getLast().data();
    assertThat(last.observed()).isEqualTo("RUNNING");
    assertThat(last.bootGeneration()).isEqualTo(1);
    assertThat(last.at()).isEqualTo(Instant.parse("2026-11-02T00:00:19Z"));
    assertThat(engine.unsent().stream().map(Report::id).distinct()).hasSameSizeAs(engine.unsent());
  }

  @Test
  void aRebootGoesOnAfterARestartOfTheAgent() {
    boot(one);
    engine.apply(one.rebooted(1, 2));
    engine.converge();
    restart();
    driver.sees(new Observation.Running(one.runId()));
    engine.converge();

    assertThat(driver.asked)
        .containsExactly("start 1#1", "reboot 1@1 slots ff", "reboot 1@1 slots ff");
    assertThat(observed()).endsWith("RUNNING");
  }

  @Test
  void slotsThatAResizeTakesAwayAreHeldUntilTheyAreScrubbed() {
    boot(one.slots("ffff"));
    Orders neighbour = Orders.of(1, 2, 2).slots("ff00");
    engine.apply(one.slots("ff").rebooted(1, 2));
    engine.apply(neighbour.running(1));
    engine.converge();
    assertThat(driver.asked).containsExactly("start 1#1", "reboot 1@1 slots ff");
    assertThat(engine.slotWaits()).isEqualTo(1);

    driver.sees(new Observation.Running(one.runId()));
    engine.converge();
    RunReport resized =
        engine.unsent().stream()
            .map(Report::data)
            .filter(report -> report.observed().equals("RUNNING"))
            .toList()
            .getLast();

    assertThat(resized.bootGeneration()).isEqualTo(1);
    assertThat(resized.scrubbed()).isTrue();
    assertThat(driver.asked).endsWith("start 2#1");
  }

  @Test
  void aRebootThatFailsIsReportedAndAnAbsentOrderEndsIt() {
    boot(one);
    engine.apply(one.rebooted(1, 2));
    engine.converge();
    driver.sees(new Observation.Failed(one.runId(), "XID_79"));
    engine.converge();
    assertThat(observed()).endsWith("FAILED");

    engine.apply(one.absent(3));
    engine.converge();
    assertThat(driver.asked).endsWith("release 1");
  }

  @Test
  void aVolumeIsInTheNextRunOnlyAfterTheLastOneIsGone() {
    Orders elsewhere = Orders.of(2, 1, 2);
    bootWith("vol-a", "vol-b");

    engine.apply(elsewhere.runningWith(2, "vol-a"));
    engine.converge();
    restart();
    engine.converge();
    assertThat(driver.asked).contains("release 1").noneMatch(asked -> asked.startsWith("start 2"));

    driver.sees(new Observation.Released(one.runId()));
    engine.converge();
    assertThat(driver.asked).endsWith("start 2#2 with vol-a");
  }

  @Test
  void aVolumeThatIsAttachedElsewhereComesWhenItsRunHasLetItGo() {
    Orders other = Orders.of(2, 2, 2);
    bootWith("vol-a", "vol-b");
    boot(other);
    driver.asked.clear();

    engine.apply(other.runningWith(2, "vol-c", "vol-a"));
    engine.converge();
    assertThat(driver.asked).containsExactly("configure 2 with vol-c");
    engine.apply(one.runningWith(2, "vol-b"));
    engine.converge();

    assertThat(driver.asked)
        .containsExactly(
            "configure 2 with vol-c", "configure 1 with vol-b", "configure 2 with vol-c,vol-a");
    engine.converge();
    assertThat(driver.asked).hasSize(3);
  }

  @Test
  void volumesThatChangeDuringARebootAreGivenAfterIt() {
    bootWith("vol-a");
    engine.apply(one.rebooted(1, 2));
    engine.converge();
    driver.asked.clear();

    Order plain = one.rebooted(1, 3);
    RunSetup setup = one.runningWith(3, "vol-b").fact().setup();
    engine.apply(new Order(plain.fact().with(setup), Orders.ISSUED, plain.tenantId(), null));
    engine.converge();
    assertThat(driver.asked).isEmpty();
    driver.sees(new Observation.Running(one.runId()));
    engine.converge();

    assertThat(driver.asked).containsExactly("configure 1 with vol-b");
  }

  @Test
  void anAllowListThatChangesDuringABootIsGivenAfterIt() {
    engine.apply(one.running(1));
    engine.converge();
    RunSetup setup =
        new RunSetup(
            null, null, null, null, List.of(new RunSetup.IngressRule("TCP", 22, 22, "::/0")), null);
    Order plain = one.running(2);
    engine.apply(new Order(plain.fact().with(setup), Orders.ISSUED, plain.tenantId(), null));
    engine.converge();
    assertThat(driver.asked).containsExactly("start 1#1");

    driver.sees(new Observation.Running(one.runId()));
    engine.converge();
    engine.converge();
    assertThat(driver.asked).containsExactly("start 1#1", "configure 1");
  }

  @Test
  void aStateOfBeforeVolumesWereCountedHasThoseOfItsOrder() {
    bootWith("vol-a");
    Run run = engine.snapshot().runs().getFirst();

    Run read =
        new Run(
            run.order(),
            run.phase(),
            run.phaseAt(),
            run.phaseSince(),
            run.attempt(),
            run.reason(),
            run.counted(),
            run.generation(),
            run.held(),
            null);

    assertThat(read).isEqualTo(run);
  }

  private void bootWith(String... volumes) {
    engine.apply(one.runningWith(1, volumes));
    engine.converge();
    driver.sees(new Observation.Running(one.runId()));
    engine.converge();
  }

  private void boot(Orders orders) {
    engine.apply(orders.running(1));
    engine.converge();
    driver.sees(new Observation.Running(orders.runId()));
    engine.converge();
  }

  private void restart() {
    engine = new SiteEngine(engine.snapshot(), driver, business, system);
  }

  private List<String> observed() {
    return engine.unsent().stream().map(report -> report.data().observed()).toList();
  }

  @Test
  void releasesAnEarlierRunWithoutTouchingTheOneThatFollowedIt() {
    boot(one);
    Orders two = Orders.of(2, 1, 2);
    engine.apply(two.running(3));
    engine.converge();
    driver.sees(new Observation.Released(one.runId()));
    driver.sees(new Observation.Running(two.runId()));
    engine.converge();

    assertThat(engine.apply(one.absent(2))).isEqualTo(Applied.ACCEPTED);
    engine.converge();
    assertThat(engine.apply(one.absent(4))).isEqualTo(Applied.ACCEPTED);
    engine.converge();

    RunReport last = engine.unsent().getLast().data();
    assertThat(last.runId()).isEqualTo(one.runId());
    assertThat(last.observed()).isEqualTo("RELEASED");
    assertThat(last.orderSequence()).isEqualTo(4);
    assertThat(engine.apply(two.absent(5))).isEqualTo(Applied.ACCEPTED);
    assertThat(engine.apply(one.absent(4))).isEqualTo(Applied.STALE_SEQUENCE);
  }
}
