package dev.gpucloud.inventory.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.OrderFact;
import dev.gpucloud.contracts.event.ProjectFact;
import dev.gpucloud.contracts.event.RunReport;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.instance.Lifecycle.Verdict;
import dev.gpucloud.inventory.placement.engine.Shape;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.kit.access.ProjectRef;
import dev.gpucloud.kit.access.TenantRef;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final Instant T0 = Instant.parse("2026-11-02T00:00:00Z");
  private static final int RETRIES = 2;
  private static final String SITE = "kr-ulsan-1";
  private static final HostId HOST = new HostId(new UUID(1, 1));
  private static final OperationId OPERATION = new OperationId(new UUID(9, 1));
  private static final TenantId TENANT = new TenantId(new UUID(2, 1));

  private final Change created = Lifecycle.create(draft(), place(1), at(0, 7));
  private final InstanceEntity instance = created.instance();
  private OrderFact order = created.orders().getFirst();

  private static InstanceDraft draft() {
    ProjectId project = new ProjectId(new UUID(3, 1));
    return new InstanceDraft(
        new InstanceId(new UUID(4, 1)),
        OPERATION,
        new TenantRef(
            new TenantFact(
                TENANT, "t", "T", "EXTERNAL", null, null, "ACTIVE", null, null, null, null)),
        new ProjectRef(new ProjectFact(project, TENANT, "p", "P", "ACTIVE", "cc-7")),
        "trainer",
        new OfferedShape("b200.8x", "b200", Shape.wholeGpus(8, 224, 1792)),
        null,
        "ON_DEMAND",
        "{}",
        "kim",
        null,
        Standing.ANYWHERE);
  }

  private static Lifecycle.Place place(int run) {
    return new Lifecycle.Place(
        new Slot(HOST, -1L, 224, 1792), SITE, "kr-ulsan", new RunId(new UUID(5, run)));
  }

  private static Moment at(int seconds, long epoch) {
    return new Moment(T0.plusSeconds(seconds), T0.plusSeconds(seconds), epoch);
  }

  private Verdict report(String observed, int second) {
    return report(observed, second, order.orderSequence(), order.epoch());
  }

  private Verdict report(String observed, int second, long orderSequence, long epoch) {
    return Lifecycle.report(
        instance,
        new RunReport(
            SITE,
            HOST,
            instance.id(),
            instance.runId(),
            epoch,
            orderSequence,
            observed,
            T0.plusSeconds(second),
            observed.equals(RunReport.RELEASED),
            observed.equals(RunReport.FAILED) ? "XID_79" : null),
        at(second, 7),
        RETRIES);
  }

  private static Change changed(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Changes.class);
    return ((Verdict.Changes) verdict).change();
  }

  private static List<String> told(Change change) {
    return change.events().stream().map(e -> e.sequence() + " " + e.type()).toList();
  }

  private void run() {
    changed(report(RunReport.BOOTING, 1));
    changed(report(RunReport.RUNNING, 5));
  }

  private Change stop(int second) {
    Change change = Lifecycle.stop(instance, OPERATION, "kim", at(second, 7)).orElseThrow();
    order = change.orders().getFirst();
    return change;
  }

  @Test
  void beginsWithAnOrderThatNamesItsSlots() {
    assertThat(told(created)).containsExactly("1 instance.created");
    assertThat(order.desired()).isEqualTo("RUNNING");
    assertThat(order.orderSequence()).isEqualTo(1);
    assertThat(order.epoch()).isEqualTo(7);
    assertThat(order.slots()).isEqualTo("ffffffffffffffff");
    assertThat(created.events().getFirst().fact().costCenter()).isEqualTo("cc-7");
  }

  @Test
  void billsFromTheAgentsStampToTheAcceptedStop() {
    changed(report(RunReport.BOOTING, 1));
    Change started = changed(report(RunReport.RUNNING, 5));
    Change stopped = stop(65);

    assertThat(told(started)).containsExactly("3 instance.started");
    assertThat(started.events().getFirst().fact().at()).isEqualTo(T0.plusSeconds(5));
    assertThat(told(stopped)).containsExactly("4 instance.stopped");
    assertThat(stopped.events().getFirst().fact().at()).isEqualTo(T0.plusSeconds(65));
    assertThat(stopped.events().getFirst().fact().reason()).isEqualTo("STOP_REQUESTED");
    assertThat(stopped.orders().getFirst().desired()).isEqualTo("ABSENT");
  }

  @Test
  void neverStopsBeforeItStarted() {
    run();
    Change stopped = stop(3);

    assertThat(stopped.events().getFirst().fact().at()).isEqualTo(T0.plusSeconds(5));
  }

  @Test
  void holdsItsGpusUntilTheyAreProvenScrubbed() {
    run();
    stop(65);

    assertThat(report(RunReport.RELEASED, 70)).isEqualTo(new Verdict.Proof());
    assertThat(instance.state()).isEqualTo(InstanceState.STOPPING);
    Change released = Lifecycle.released(instance, T0.plusSeconds(70));
    assertThat(told(released)).containsExactly("5 instance.released");
    assertThat(released.events().getFirst().fact().hostId()).isEqualTo(HOST);
    assertThat(instance.state()).isEqualTo(InstanceState.STOPPED);
    assertThat(instance.hostId()).isNull();
  }

  @Test
  void opensANewRunWhenItStartsAgain() {
    run();
    stop(65);
    Lifecycle.released(instance, T0.plusSeconds(70));
    Change starting =
        Lifecycle.start(instance, place(2), OPERATION, "kim", at(80, 8)).orElseThrow();
    order = starting.orders().getFirst();

    assertThat(told(starting)).containsExactly("6 instance.starting");
    assertThat(order.runId()).isEqualTo(new RunId(new UUID(5, 2)));
    assertThat(order.orderSequence()).isEqualTo(3);
    assertThat(order.epoch()).isEqualTo(8);
    assertThat(told(changed(report(RunReport.RUNNING, 90)))).containsExactly("7 instance.started");
  }

  @Test
  void endsBillingWithADelete() {
    run();
    Change deleting = Lifecycle.delete(instance, OPERATION, "kim", at(65, 7)).orElseThrow();

    assertThat(told(deleting)).containsExactly("4 instance.stopped", "5 instance.deleting");
    assertThat(deleting.events().getFirst().fact().reason()).isEqualTo("DELETE_REQUESTED");
    assertThat(told(Lifecycle.released(instance, T0.plusSeconds(70))))
        .containsExactly("6 instance.released", "7 instance.deleted");
  }

  @Test
  void neverStartsWhenItWasDeletedWhileBooting() {
    changed(report(RunReport.BOOTING, 1));
    Change deleting = Lifecycle.delete(instance, OPERATION, "kim", at(2, 7)).orElseThrow();

    assertThat(told(deleting)).containsExactly("3 instance.deleting");
    assertThat(report(RunReport.RUNNING, 5)).isEqualTo(new Verdict.Refused("OLD_ORDER"));
    order = deleting.orders().getFirst();
    assertThat(report(RunReport.RUNNING, 5)).isEqualTo(new Verdict.Nothing());
  }

  @Test
  void deletesAStoppedInstanceAtOnce() {
    run();
    stop(65);
    Lifecycle.released(instance, T0.plusSeconds(70));
    Change gone = Lifecycle.delete(instance, OPERATION, "kim", at(80, 7)).orElseThrow();

    assertThat(told(gone)).containsExactly("6 instance.deleting", "7 instance.deleted");
    assertThat(gone.orders()).isEmpty();
    assertThat(gone.operationEnd()).isEqualTo(new Change.OperationEnd(true, null));
  }

  @Test
  void needsNoSecondOrderWhenAStoppingInstanceIsDeleted() {
    run();
    stop(65);
    Change deleting = Lifecycle.delete(instance, OPERATION, "kim", at(66, 7)).orElseThrow();

    assertThat(told(deleting)).containsExactly("5 instance.deleting");
    assertThat(deleting.orders()).isEmpty();
    assertThat(report(RunReport.RELEASED, 70)).isEqualTo(new Verdict.Proof());
  }

  private Change retry(int run) {
    Change change = Lifecycle.retry(instance, place(run), at(10, 8)).orElseThrow();
    order = change.orders().getFirst();
    return change;
  }

  @Test
  void bootsOnAnotherHostWithANewRunAndAHigherOrder() {
    changed(report(RunReport.BOOTING, 1));
    Change failed = changed(report(RunReport.FAILED, 3));
    Change retried = retry(2);

    assertThat(told(failed)).containsExactly("3 instance.boot-failed");
    assertThat(failed.events().getFirst().fact().reason()).isEqualTo("XID_79");
    assertThat(failed.orders().getFirst().desired()).isEqualTo("ABSENT");
    assertThat(failed.bootFailure())
        .isEqualTo(
            new Change.BootFailure(HOST, new RunId(new UUID(5, 1)), "XID_79", T0.plusSeconds(3)));
    assertThat(failed.operationEnd()).isNull();
    assertThat(told(retried)).containsExactly("4 instance.retrying");
    assertThat(order.runId()).isEqualTo(new RunId(new UUID(5, 2)));
    assertThat(order.orderSequence()).isEqualTo(3);
    assertThat(order.epoch()).isEqualTo(8);
    assertThat(instance.state()).isEqualTo(InstanceState.PROVISIONING);
    assertThat(told(changed(report(RunReport.RUNNING, 20)))).containsExactly("5 instance.started");
  }

  @Test
  void failsUnbilledWhenNoTryBoots() {
    changed(report(RunReport.FAILED, 3));
    retry(2);
    changed(report(RunReport.FAILED, 13));
    retry(3);
    Change failed = changed(report(RunReport.FAILED, 23));

    assertThat(told(failed)).containsExactly("6 instance.failed");
    assertThat(instance.state()).isEqualTo(InstanceState.FAILED);
    assertThat(instance.reason()).isEqualTo("XID_79");
    assertThat(instance.startedAt()).isNull();
    assertThat(failed.orders().getFirst().desired()).isEqualTo("ABSENT");
    assertThat(failed.operationEnd()).isEqualTo(new Change.OperationEnd(false, "XID_79"));
    assertThat(Lifecycle.retry(instance, place(4), at(30, 8))).isEmpty();
  }

  @Test
  void failsWhenNoOtherHostHasRoom() {
    changed(report(RunReport.FAILED, 3));
    Change failed = Lifecycle.giveUp(instance, Lifecycle.NO_HOST_FOR_RETRY, at(4, 7)).orElseThrow();

    assertThat(told(failed)).containsExactly("3 instance.failed");
    assertThat(instance.reason()).isEqualTo("NO_HOST_FOR_RETRY");
    assertThat(failed.operationEnd())
        .isEqualTo(new Change.OperationEnd(false, "NO_HOST_FOR_RETRY"));
    assertThat(report(RunReport.RELEASED, 9, 2, 7)).isEqualTo(new Verdict.Proof());
  }

  @Test
  void isDeletedWhileItWaitsForAnotherHost() {
    changed(report(RunReport.FAILED, 3));
    Change deleting = Lifecycle.delete(instance, OPERATION, "kim", at(4, 7)).orElseThrow();

    assertThat(told(deleting)).containsExactly("3 instance.deleting");
    assertThat(deleting.orders()).isEmpty();
    assertThat(Lifecycle.retry(instance, place(2), at(5, 7))).isEmpty();
    assertThat(told(Lifecycle.released(instance, T0.plusSeconds(9))))
        .containsExactly("4 instance.released", "5 instance.deleted");
  }

  @Test
  void countsEveryStartAnew() {
    changed(report(RunReport.FAILED, 3));
    retry(2);
    changed(report(RunReport.RUNNING, 20));
    stop(30);
    Lifecycle.released(instance, T0.plusSeconds(40));
    order =
        Lifecycle.start(instance, place(3), OPERATION, "kim", at(50, 8))
            .orElseThrow()
            .orders()
            .getFirst();

    assertThat(instance.bootFailures()).isZero();
  }

  @Test
  void bootsElsewhereWhenItsHostFallsSilent() {
    changed(report(RunReport.BOOTING, 1));
    Change lost = Lifecycle.loseBoot(instance, at(700, 7), RETRIES).orElseThrow();

    assertThat(told(lost)).containsExactly("3 instance.boot-failed");
    assertThat(instance.retryDue()).isTrue();
    assertThat(Lifecycle.loseBoot(instance, at(701, 7), RETRIES)).isEmpty();
  }

  @Test
  void endsTheRunWhenItsHostFails() {
    run();
    Change failed = changed(report(RunReport.FAILED, 99));

    assertThat(told(failed)).containsExactly("4 instance.stopped", "5 instance.failed");
    assertThat(failed.events().getFirst().fact().reason()).isEqualTo("HOST_FAULT");
    assertThat(failed.events().getFirst().fact().at()).isEqualTo(T0.plusSeconds(99));
    assertThat(instance.state()).isEqualTo(InstanceState.FAILED);
  }

  @Test
  void countsNoReportOnAnotherRunHostOrOrder() {
    assertThat(report(RunReport.RUNNING, 1, 2, 7)).isEqualTo(new Verdict.Refused("OLD_ORDER"));
    assertThat(report(RunReport.RUNNING, 1, 1, 6)).isEqualTo(new Verdict.Refused("OLD_ORDER"));
    RunReport good =
        new RunReport(
            SITE, HOST, instance.id(), instance.runId(), 7, 1, RunReport.RUNNING, T0, false, null);
    assertThat(Lifecycle.report(instance, on(good, "kr-pangyo-1", HOST), at(1, 7), RETRIES))
        .isEqualTo(new Verdict.Refused("OTHER_HOST"));
    HostId another = new HostId(new UUID(1, 2));
    assertThat(Lifecycle.report(instance, on(good, SITE, another), at(1, 7), RETRIES))
        .isEqualTo(new Verdict.Refused("OTHER_HOST"));
    assertThat(instance.state()).isEqualTo(InstanceState.PENDING);
  }

  private static RunReport on(RunReport r, String site, HostId host) {
    return new RunReport(
        site,
        host,
        r.instanceId(),
        r.runId(),
        r.epoch(),
        r.orderSequence(),
        r.observed(),
        r.at(),
        r.scrubbed(),
        r.reason());
  }

  @Test
  void takesTheAnswerToAnyOrderThatWantsTheSame() {
    Change reminded = Lifecycle.remind(instance, at(30, 9));

    assertThat(reminded.events()).isEmpty();
    assertThat(reminded.orders().getFirst().orderSequence()).isEqualTo(2);
    assertThat(reminded.orders().getFirst().epoch()).isEqualTo(9);
    changed(report(RunReport.BOOTING, 31, 1, 7));
    changed(report(RunReport.RUNNING, 35, 2, 9));
  }

  @Test
  void saysNothingTwice() {
    run();

    assertThat(report(RunReport.RUNNING, 6)).isEqualTo(new Verdict.Nothing());
    assertThat(report(RunReport.BOOTING, 6)).isEqualTo(new Verdict.Nothing());
    assertThat(instance.sequence()).isEqualTo(3);
  }

  @Test
  void refusesAReleaseWithoutScrub() {
    run();
    stop(65);
    RunReport dirty =
        new RunReport(
            SITE,
            HOST,
            instance.id(),
            instance.runId(),
            order.epoch(),
            order.orderSequence(),
            RunReport.RELEASED,
            T0,
            false,
            null);

    assertThat(Lifecycle.report(instance, dirty, at(70, 7), RETRIES))
        .isEqualTo(new Verdict.Refused("NOT_SCRUBBED"));
  }

  @Test
  void goesOnWithoutAHostThatFellSilent() {
    run();
    Lifecycle.delete(instance, OPERATION, "kim", at(65, 7)).orElseThrow();
    Change abandoned = Lifecycle.abandon(instance, at(700, 7)).orElseThrow();

    assertThat(told(abandoned)).containsExactly("6 instance.deleted");
    assertThat(abandoned.events().getFirst().fact().reason()).isEqualTo("HOST_UNREACHABLE");
    assertThat(instance.holding()).isFalse();
    assertThat(Lifecycle.abandon(instance, at(701, 7))).isEmpty();
  }

  @Test
  void allowsNoStepThatItsStateForbids() {
    assertThat(Lifecycle.stop(instance, OPERATION, "kim", at(1, 7))).isEmpty();
    assertThat(Lifecycle.start(instance, place(2), OPERATION, "kim", at(1, 7))).isEmpty();
    assertThat(Lifecycle.abandon(instance, at(1, 7))).isEmpty();
    Lifecycle.delete(instance, OPERATION, "kim", at(2, 7)).orElseThrow();
    assertThat(Lifecycle.delete(instance, OPERATION, "kim", at(3, 7))).isEmpty();
  }
}
