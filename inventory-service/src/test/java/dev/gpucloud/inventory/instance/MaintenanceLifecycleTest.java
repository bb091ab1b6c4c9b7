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
import dev.gpucloud.inventory.placement.engine.Shape;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.kit.access.ProjectRef;
import dev.gpucloud.kit.access.TenantRef;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What planned work on a host means for an instance. */
class MaintenanceLifecycleTest {
  private static final Instant T0 = Instant.parse("2026-11-02T00:00:00Z");
  private static final HostId HOST = new HostId(new UUID(1, 1));
  private static final OperationId OPERATION = new OperationId(new UUID(9, 1));
  private static final TenantId TENANT = new TenantId(new UUID(2, 1));
  private static final MaintenanceNotice AT_100 =
      new MaintenanceNotice(T0.plusSeconds(100), MaintenanceNotice.HOST_MAINTENANCE);

  private final Change created = Lifecycle.create(draft(), place(), at(0));
  private final InstanceEntity instance = created.instance();

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

  private static Lifecycle.Place place() {
    return new Lifecycle.Place(
        new Slot(HOST, -1L, 224, 1792), "kr-ulsan-1", "kr-ulsan", new RunId(new UUID(5, 1)));
  }

  private static Moment at(int seconds) {
    return new Moment(T0.plusSeconds(seconds), T0.plusSeconds(seconds), 7);
  }

  private void run(int second) {
    OrderFact order = created.orders().getFirst();
    Lifecycle.report(
        instance,
        new RunReport(
            "kr-ulsan-1",
            HOST,
            instance.id(),
            instance.runId(),
            order.epoch(),
            order.orderSequence(),
            RunReport.RUNNING,
            T0.plusSeconds(second),
            false,
            null),
        at(second),
        2);
  }

  private static List<String> told(Change change) {
    return change.events().stream().map(e -> e.sequence() + " " + e.type()).toList();
  }

  @Test
  void tellsOnceWithTheDeadlineAndTakesItBack() {
    run(5);

    Change first = Lifecycle.tell(instance, AT_100, at(10)).orElseThrow();
    assertThat(told(first)).containsExactly("3 instance.maintenance-scheduled");
    assertThat(first.events().getFirst().fact().maintenanceAt()).isEqualTo(T0.plusSeconds(100));
    assertThat(first.events().getFirst().fact().reason()).isEqualTo("HOST_MAINTENANCE");
    assertThat(instance.notice()).isEqualTo(AT_100);
    assertThat(Lifecycle.tell(instance, AT_100, at(11))).isEmpty();

    Change back = Lifecycle.tell(instance, null, at(12)).orElseThrow();
    assertThat(told(back)).containsExactly("4 instance.maintenance-cancelled");
    assertThat(back.events().getFirst().fact().maintenanceAt()).isNull();
    assertThat(instance.notice()).isNull();
  }

  @Test
  void tellsNobodyWhoDoesNotRun() {
    assertThat(Lifecycle.tell(instance, AT_100, at(10))).isEmpty();
  }

  @Test
  void stopsAtTheAnnouncedDeadlineHoweverLateItIsDone() {
    run(5);
    Lifecycle.tell(instance, AT_100, at(10));

    Change change = Lifecycle.clear(instance, at(400)).orElseThrow();

    assertThat(told(change)).containsExactly("4 instance.stopped");
    assertThat(change.events().getFirst().fact().at()).isEqualTo(T0.plusSeconds(100));
    assertThat(change.events().getFirst().fact().reason()).isEqualTo("HOST_MAINTENANCE");
    assertThat(change.orders().getFirst().desired()).isEqualTo(OrderFact.ABSENT);
    assertThat(instance.state()).isEqualTo(InstanceState.STOPPING);
    assertThat(instance.notice()).isNull();
  }

  @Test
  void neverEndsARunBeforeItsLastEvent() {
    run(5);
    Lifecycle.tell(instance, AT_100, at(10));
    Lifecycle.update(instance, "renamed", null, "kim", at(150));

    Change change = Lifecycle.clear(instance, at(400)).orElseThrow();

    assertThat(change.events().getFirst().fact().at()).isEqualTo(T0.plusSeconds(150));
  }

  @Test
  void stopsNobodyWhoWasNotTold() {
    run(5);

    assertThat(Lifecycle.clear(instance, at(400))).isEmpty();
    Lifecycle.tell(instance, new MaintenanceNotice(null, MaintenanceNotice.GPU_FAULT), at(401));
    assertThat(Lifecycle.clear(instance, at(402))).isEmpty();
    assertThat(instance.state()).isEqualTo(InstanceState.RUNNING);
  }

  @Test
  void whatBootsIsSentElsewhereAndNeverGivenUpForIt() {
    for (int round = 0; round < 5; round++) {
      Change change = Lifecycle.clear(instance, at(10 + round)).orElseThrow();
      assertThat(change.events().getFirst().type()).isEqualTo("instance.boot-failed");
      assertThat(change.events().getFirst().fact().reason()).isEqualTo("HOST_MAINTENANCE");
      assertThat(change.orders().getFirst().desired()).isEqualTo(OrderFact.ABSENT);
      assertThat(instance.retryDue()).isTrue();
      assertThat(Lifecycle.clear(instance, at(11 + round))).isEmpty();
      assertThat(Lifecycle.retry(instance, place(), at(12 + round))).isPresent();
    }
    assertThat(instance.state()).isEqualTo(InstanceState.PENDING);
  }
}
