package dev.gpucloud.inventory.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.InstanceFact;
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

class ReshapingTest {
  private static final Instant T0 = Instant.parse("2026-11-02T00:00:00Z");
  private static final HostId HOST = new HostId(new UUID(1, 1));
  private static final OperationId OPERATION = new OperationId(new UUID(9, 1));
  private static final TenantId TENANT = new TenantId(new UUID(2, 1));
  private static final OfferedShape ONE = whole(1);
  private static final OfferedShape FOUR = whole(4);

  private final Change created =
      Lifecycle.create(
          new InstanceDraft(
              new InstanceId(new UUID(4, 1)),
              OPERATION,
              new TenantRef(
                  new TenantFact(
                      TENANT, "t", "T", "EXTERNAL", null, null, "ACTIVE", null, null, null, null)),
              project(1, "p", TENANT),
              "trainer",
              FOUR,
              null,
              "ON_DEMAND",
              "{}",
              "kim",
              null,
              Standing.ANYWHERE),
          new Lifecycle.Place(
              new Slot(HOST, 0xFFFFFFFFL, 112, 896), "s", "r", new RunId(new UUID(5, 1))),
          at(0));
  private final InstanceEntity instance = created.instance();
  private OrderFact order = created.orders().getFirst();

  private static OfferedShape whole(int gpus) {
    return new OfferedShape(
        "b200." + gpus + "x", "b200", Shape.wholeGpus(gpus, 28 * gpus, 224 * gpus));
  }

  private static ProjectRef project(int id, String slug, TenantId tenant) {
    return new ProjectRef(
        new ProjectFact(new ProjectId(new UUID(3, id)), tenant, slug, "P", "ACTIVE", "cc-" + id));
  }

  private static Moment at(int seconds) {
    return new Moment(T0.plusSeconds(seconds), T0.plusSeconds(seconds), 7);
  }

  private Verdict report(String observed, int second, Integer generation, boolean scrubbed) {
    return Lifecycle.report(
        instance,
        new RunReport(
            "s",
            HOST,
            instance.id(),
            instance.runId(),
            order.epoch(),
            order.orderSequence(),
            observed,
            T0.plusSeconds(second),
            scrubbed,
            observed.equals(RunReport.FAILED) ? "XID_79" : null,
            generation),
        at(second),
        2);
  }

  private Change changed(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Changes.class);
    return ((Verdict.Changes) verdict).change();
  }

  private Change taken(java.util.Optional<Change> step) {
    Change change = step.orElseThrow();
    order = change.orders().getFirst();
    return change;
  }

  private void run() {
    changed(report(RunReport.RUNNING, 5, null, false));
  }

  private static List<String> told(Change change) {
    return change.events().stream().map(e -> e.sequence() + " " + e.type()).toList();
  }

  @Test
  void aRebootKeepsRunStateAndStartAndEndsWithTheAgentsReport() {
    run();
    RunId before = instance.runId();
    Change asked = taken(Reshaping.reboot(instance, OPERATION, "kim", at(60)));
    assertThat(told(asked)).containsExactly("3 instance.rebooting");
    assertThat(order.desired()).isEqualTo("RUNNING");
    assertThat(order.bootGeneration()).isEqualTo(1);
    assertThat(order.runId()).isEqualTo(before);
    assertThat(report(RunReport.RUNNING, 61, null, false)).isEqualTo(new Verdict.Nothing());
    assertThat(report(RunReport.REBOOTING, 62, 1, false)).isEqualTo(new Verdict.Nothing());

    Change done = changed(report(RunReport.RUNNING, 70, 1, true));

    assertThat(told(done)).containsExactly("4 instance.rebooted");
    assertThat(done.operationEnd()).isEqualTo(new Change.OperationEnd(true, null));
    assertThat(instance.state()).isEqualTo(InstanceState.RUNNING);
    assertThat(instance.startedAt()).isEqualTo(T0.plusSeconds(5));
    assertThat(report(RunReport.RUNNING, 71, 1, true)).isEqualTo(new Verdict.Nothing());
  }

  @Test
  void oneRebootAtATimeAndOnlyOfWhatRuns() {
    assertThat(Reshaping.reboot(instance, OPERATION, "kim", at(1))).isEmpty();
    run();
    taken(Reshaping.reboot(instance, OPERATION, "kim", at(60)));
    assertThat(Reshaping.reboot(instance, OPERATION, "kim", at(61))).isEmpty();
    assertThat(instance.isOverdue(T0.plusSeconds(61))).isTrue();

    assertThat(Lifecycle.stop(instance, OPERATION, "kim", at(62))).isPresent();
    assertThat(instance.rebootPending()).isFalse();
  }

  @Test
  void aShrinkIsBilledFromTheAgentsStampAndKeepsUntilScrubbed() {
    run();
    Change asked = taken(Reshaping.shrink(instance, ONE, OPERATION, "kim", at(60)));
    InstanceFact meanwhile = asked.events().getFirst().fact();
    assertThat(meanwhile.instanceType()).isEqualTo("b200.4x");
    assertThat(order.instanceType()).isEqualTo("b200.1x");
    assertThat(Long.bitCount(Long.parseUnsignedLong(order.slots(), 16))).isEqualTo(8);
    assertThat(report(RunReport.RUNNING, 70, 1, false))
        .isEqualTo(new Verdict.Refused("NOT_SCRUBBED"));

    Change done = changed(report(RunReport.RUNNING, 70, 1, true));

    InstanceFact resized = done.events().getFirst().fact();
    assertThat(told(done)).containsExactly("4 instance.resized");
    assertThat(resized.at()).isEqualTo(T0.plusSeconds(70));
    assertThat(resized.instanceType()).isEqualTo("b200.1x");
    assertThat(resized.gpus()).isEqualTo(1);
    assertThat(resized.gpuSlices()).isEqualTo(8);
    assertThat(resized.runId()).isEqualTo(meanwhile.runId());
    assertThat(done.kept())
        .isEqualTo(new Slot(HOST, Long.parseUnsignedLong(order.slots(), 16), 28, 224));
  }

  @Test
  void aGrowthHoldsItsSlicesAtOnceAndIsBilledFromTheAgentsStamp() {
    run();
    OfferedShape eight = whole(8);
    Slot more = new Slot(HOST, 0xFFFFFFFF00000000L, 112, 896);
    taken(Reshaping.grow(instance, eight, more, OPERATION, "kim", at(60)));
    assertThat(order.slots()).isEqualTo("ffffffffffffffff");
    assertThat(order.gpus()).isEqualTo(8);
    assertThat(instance.gpus()).isEqualTo(4);
    assertThat(instance.mask()).isEqualTo(-1L);

    Change done = changed(report(RunReport.RUNNING, 70, 1, true));

    assertThat(done.events().getFirst().fact().gpus()).isEqualTo(8);
    assertThat(done.kept()).isNull();
    assertThat(instance.resizeType()).isNull();
  }

  @Test
  void aStopOrAFaultDuringAResizeLeavesTheOldType() {
    run();
    taken(Reshaping.shrink(instance, ONE, OPERATION, "kim", at(60)));

    Change failed = changed(report(RunReport.FAILED, 65, 1, false));

    assertThat(told(failed)).contains("4 instance.stopped", "5 instance.failed");
    assertThat(failed.events().getFirst().fact().instanceType()).isEqualTo("b200.4x");
    assertThat(instance.resizeType()).isNull();
    assertThat(failed.orders().getFirst().slots()).isEqualTo("00000000ffffffff");
  }

  @Test
  void aStoppedInstanceHasItsNewTypeAtOnce() {
    run();
    assertThat(Reshaping.resizeStopped(instance, ONE, OPERATION, "kim", at(59))).isEmpty();
    taken(Lifecycle.stop(instance, OPERATION, "kim", at(60)));
    assertThat(Reshaping.resizeStopped(instance, ONE, OPERATION, "kim", at(61))).isEmpty();
    Lifecycle.released(instance, T0.plusSeconds(65));

    Change done = Reshaping.resizeStopped(instance, ONE, OPERATION, "kim", at(70)).orElseThrow();

    assertThat(told(done)).containsExactly("5 instance.resized");
    assertThat(instance.gpus()).isEqualTo(1);
    assertThat(instance.slices()).isEqualTo(8);
    assertThat(done.orders()).isEmpty();
  }

  @Test
  void aMoveTakesProjectAndCostCentreAlongAndKeepsTheRun() {
    run();
    Change moved = Reshaping.move(instance, project(2, "q", TENANT), "kim", at(60)).orElseThrow();

    InstanceFact fact = moved.events().getFirst().fact();
    assertThat(told(moved)).containsExactly("3 instance.moved");
    assertThat(fact.projectSlug()).isEqualTo("q");
    assertThat(fact.costCenter()).isEqualTo("cc-2");
    assertThat(fact.runId()).isEqualTo(order.runId());
    assertThat(moved.orders()).isEmpty();
  }

  @Test
  void neverMovesToAnotherTenantNorWhatIsBeingDeleted() {
    TenantId other = new TenantId(new UUID(2, 2));
    assertThat(Reshaping.move(instance, project(2, "q", other), "kim", at(1))).isEmpty();
    Lifecycle.delete(instance, OPERATION, "kim", at(2));
    assertThat(Reshaping.move(instance, project(2, "q", TENANT), "kim", at(3))).isEmpty();
  }
}
