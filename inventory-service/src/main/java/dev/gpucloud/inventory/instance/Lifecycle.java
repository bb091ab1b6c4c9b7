package dev.gpucloud.inventory.instance;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.OrderFact;
import dev.gpucloud.contracts.event.RunReport;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.inventory.instance.Change.BootFailure;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.kit.audit.AuditOrigin;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The steps of an instance's life. Each takes a locked row that is in the right state, changes it
 * and answers the events and orders that commit with it. A step that the state does not allow
 * changes nothing and answers empty.
 */
public final class Lifecycle {
  public static final String AGENT = "site-agent";
  public static final String SYSTEM = "system";

  /** Why a run ended; the words of {@code instance.stopped}. */
  public static final String STOP_REQUESTED = "STOP_REQUESTED";

  public static final String DELETE_REQUESTED = "DELETE_REQUESTED";
  public static final String HOST_FAULT = "HOST_FAULT";
  public static final String HOST_UNREACHABLE = "HOST_UNREACHABLE";
  public static final String HOST_MAINTENANCE = "HOST_MAINTENANCE";

  /** Its tenant is suspended and the notice is over. */
  public static final String TENANT_SUSPENDED = "TENANT_SUSPENDED";

  /** Why an instance that no host booted was given up. */
  public static final String NO_HOST_FOR_RETRY = "NO_HOST_FOR_RETRY";

  private static final Set<String> OWN_REASONS = Set.of(HOST_UNREACHABLE, HOST_MAINTENANCE);

  private Lifecycle() {}

  /** When and under which lease epoch a step happens. */
  public record Moment(Instant business, Instant system, long epoch) {}

  /** Where an instance was placed. */
  public record Place(Slot slot, String site, String region, RunId run) {}

  /** A new instance on its slot. */
  public static Change create(InstanceDraft draft, Place place, Moment now) {
    InstanceEntity i = new InstanceEntity(draft);
    i.placeAt(place.slot(), place.site(), place.region(), place.run());
    i.createdAt(now.business());
    i.touch(now.business());
    return new Change(i, draft.actor())
        .emit(EventTypes.INSTANCE_CREATED, null, now.business())
        .order(i.issue(OrderFact.RUNNING, now));
  }

  /** A stopped instance on a new slot, with a new run. */
  public static Optional<Change> start(
      InstanceEntity i, Place place, OperationId operation, String actor, Moment now) {
    if (i.state() != InstanceState.STOPPED || i.holding()) {
      return Optional.empty();
    }
    i.placeAt(place.slot(), place.site(), place.region(), place.run());
    i.forgetBootFailures();
    i.moveTo(InstanceState.STARTING, null);
    i.operate(operation);
    i.touch(now.business());
    return Optional.of(
        new Change(i, actor)
            .emit(EventTypes.INSTANCE_STARTING, null, now.business())
            .order(i.issue(OrderFact.RUNNING, now)));
  }

  /** Ends the run of a running instance; billing ends now, the GPUs come back after the scrub. */
  public static Optional<Change> stop(
      InstanceEntity i, OperationId operation, String actor, Moment now) {
    if (i.state() != InstanceState.RUNNING) {
      return Optional.empty();
    }
    Change change = new Change(i, actor);
    i.operate(operation);
    endRun(change, InstanceState.STOPPING, STOP_REQUESTED, now);
    i.touch(now.business());
    return Optional.of(change.order(i.issue(OrderFact.ABSENT, now)));
  }

  private static void endRun(Change change, InstanceState next, String reason, Moment now) {
    InstanceEntity i = change.instance();
    i.forgetReboot();
    Instant started = i.startedAt();
    Instant at = started != null && started.isAfter(now.business()) ? started : now.business();
    i.moveTo(next, reason);
    i.stoppedAt(at);
    change.emit(EventTypes.INSTANCE_STOPPED, reason, at);
  }

  /** Deletes in any state but DELETING and DELETED. */
  public static Optional<Change> delete(
      InstanceEntity i, OperationId operation, String actor, Moment now) {
    if (i.state() == InstanceState.DELETING || i.state() == InstanceState.DELETED) {
      return Optional.empty();
    }
    Change change = new Change(i, actor);
    i.operate(operation);
    if (i.state() == InstanceState.RUNNING) {
      endRun(change, InstanceState.DELETING, DELETE_REQUESTED, now);
    }
    i.awaitRetry(false);
    i.moveTo(InstanceState.DELETING, DELETE_REQUESTED);
    change.emit(EventTypes.INSTANCE_DELETING, DELETE_REQUESTED, now.business());
    if (!i.holding()) {
      gone(change, DELETE_REQUESTED, now.business());
    } else if (i.wantsToRun()) {
      change.order(i.issue(OrderFact.ABSENT, now));
    }
    i.touch(now.business());
    return Optional.of(change);
  }

  /** Tells the tenant of a running instance what is planned for its host; null takes it back. */
  public static Optional<Change> tell(
      InstanceEntity i, @Nullable MaintenanceNotice notice, Moment now) {
    if (i.state() != InstanceState.RUNNING || Objects.equals(i.notice(), notice)) {
      return Optional.empty();
    }
    i.notice(notice);
    i.touch(now.business());
    return Optional.of(
        notice == null
            ? new Change(i, SYSTEM)
                .emit(EventTypes.INSTANCE_MAINTENANCE_CANCELLED, null, now.business())
            : new Change(i, SYSTEM)
                .emit(EventTypes.INSTANCE_MAINTENANCE_SCHEDULED, notice.reason(), now.business()));
  }

  /**
   * Its host must be empty now: what runs is stopped and billed to the deadline that its tenant was
   * told, what boots boots on another host.
   */
  public static Optional<Change> clear(InstanceEntity i, Moment now) {
    MaintenanceNotice notice = i.notice();
    HostId host = i.hostId();
    if (!i.holding() || !i.wantsToRun() || host == null) {
      return Optional.empty();
    }
    if (i.state().isComingUp() && !i.retryDue()) {
      BootFailure failure = new BootFailure(host, i.runId(), HOST_MAINTENANCE, now.business());
      return Optional.of(notBooted(i, failure, now, Integer.MAX_VALUE));
    }
    if (i.state() != InstanceState.RUNNING || notice == null || notice.at() == null) {
      return Optional.empty();
    }
    return Optional.of(stopAsTold(i, notice.at(), HOST_MAINTENANCE, now));
  }

  /** Stops a suspended tenant's running instance, billed to the deadline that it was told. */
  public static Optional<Change> suspend(InstanceEntity i, Instant deadline, Moment now) {
    return i.state() == InstanceState.RUNNING
        ? Optional.of(stopAsTold(i, deadline, TENANT_SUSPENDED, now))
        : Optional.empty();
  }

  private static Change stopAsTold(InstanceEntity i, Instant told, String reason, Moment now) {
    Change change = new Change(i, SYSTEM).askedBy(AuditOrigin.system("inventory-service"));
    Instant at = told.isBefore(i.updatedAt()) ? i.updatedAt() : told;
    Instant end = at.isAfter(now.business()) ? now.business() : at;
    endRun(change, InstanceState.STOPPING, reason, new Moment(end, now.system(), now.epoch()));
    i.touch(now.business());
    return change.order(i.issue(OrderFact.ABSENT, now));
  }

  private static void gone(Change change, String reason, Instant at) {
    change.instance().moveTo(InstanceState.DELETED, reason);
    change.emit(EventTypes.INSTANCE_DELETED, reason, at).endOperation(true, null);
  }

  /** Changes what a tenant may edit. */
  public static Change update(
      InstanceEntity i,
      @Nullable String name,
      @Nullable String labelsJson,
      String actor,
      Moment now) {
    if (name != null) {
      i.rename(name);
    }
    if (labelsJson != null) {
      i.label(labelsJson);
    }
    i.touch(now.business());
    return new Change(i, actor).emit(EventTypes.INSTANCE_UPDATED, null, now.business());
  }

  /** What a report on a current order means. A proof of release is kept beside the allocation. */
  public sealed interface Verdict {
    /** It changes the instance. */
    record Changes(Change change) implements Verdict {}

    /** The GPUs are released and scrubbed; the pool's owner frees them. */
    record Proof() implements Verdict {}

    /** It says nothing new. */
    record Nothing() implements Verdict {}

    /** It must not count. */
    record Refused(String why) implements Verdict {}
  }

  /**
   * Judges a report about the instance's current run on its current host. A boot that failed is
   * tried again up to {@code bootRetries} times.
   */
  public static Verdict report(InstanceEntity i, RunReport report, Moment now, int bootRetries) {
    if (!report.runId().equals(i.runId())) {
      return new Verdict.Refused("OTHER_RUN");
    }
    if (!report.hostId().equals(i.hostId()) || !report.site().equals(i.siteId())) {
      return new Verdict.Refused("OTHER_HOST");
    }
    if (!i.isAnsweredBy(report.epoch(), report.orderSequence())) {
      return new Verdict.Refused("OLD_ORDER");
    }
    return switch (report.observed()) {
      case RunReport.BOOTING -> booting(i, report);
      case RunReport.RUNNING ->
          i.state() == InstanceState.RUNNING && i.wantsToRun()
              ? Reshaping.rebooted(i, report)
              : running(i, report);
      case RunReport.REBOOTING -> new Verdict.Nothing();
      case RunReport.RELEASED ->
          i.wantsToRun() ? failed(i, report, now, bootRetries) : proof(report);
      case RunReport.FAILED ->
          i.wantsToRun()
              ? failed(i, report, now, bootRetries)
              : new Verdict.Refused("RELEASE_FAILED");
      default -> new Verdict.Refused("UNKNOWN_OBSERVATION");
    };
  }

  private static Verdict booting(InstanceEntity i, RunReport report) {
    if (!i.wantsToRun() || !i.state().isComingUp()) {
      return new Verdict.Nothing();
    }
    i.observe(report.observed());
    if (i.state() != InstanceState.PENDING) {
      return new Verdict.Nothing();
    }
    i.moveTo(InstanceState.PROVISIONING, null);
    i.touch(report.at());
    return new Verdict.Changes(
        new Change(i, AGENT).emit(EventTypes.INSTANCE_PROVISIONING, null, report.at()));
  }

  private static Verdict running(InstanceEntity i, RunReport report) {
    if (!i.wantsToRun() || !i.state().isComingUp()) {
      return new Verdict.Nothing();
    }
    i.observe(report.observed());
    i.moveTo(InstanceState.RUNNING, null);
    i.startedAt(report.at());
    i.touch(report.at());
    return new Verdict.Changes(
        new Change(i, AGENT)
            .emit(EventTypes.INSTANCE_STARTED, null, report.at())
            .endOperation(true, null));
  }

  private static Verdict proof(RunReport report) {
    return report.scrubbed() ? new Verdict.Proof() : new Verdict.Refused("NOT_SCRUBBED");
  }

  /** A boot that failed is never billed; a running one is billed to when it was last good. */
  private static Verdict failed(InstanceEntity i, RunReport report, Moment now, int bootRetries) {
    if (i.state() == InstanceState.FAILED) {
      return new Verdict.Nothing();
    }
    String said = report.reason();
    String reason = said == null ? HOST_FAULT : said;
    if (i.state().isComingUp()) {
      i.observe(report.observed());
      return new Verdict.Changes(
          notBooted(
              i,
              new BootFailure(report.hostId(), report.runId(), reason, report.at()),
              now,
              bootRetries));
    }
    Change change = new Change(i, AGENT);
    i.observe(report.observed());
    if (i.state() == InstanceState.RUNNING) {
      endRun(
          change,
          InstanceState.FAILED,
          HOST_FAULT,
          new Moment(report.at(), now.system(), now.epoch()));
    }
    i.moveTo(InstanceState.FAILED, reason);
    i.touch(report.at());
    return new Verdict.Changes(
        change
            .emit(EventTypes.INSTANCE_FAILED, reason, report.at())
            .endOperation(false, reason)
            .order(i.issue(OrderFact.ABSENT, now)));
  }

  /** The host that it boots on fell silent: the same as a boot that failed. */
  public static Optional<Change> loseBoot(InstanceEntity i, Moment now, int bootRetries) {
    HostId host = i.hostId();
    if (host == null || !i.holding() || !i.wantsToRun() || !i.state().isComingUp()) {
      return Optional.empty();
    }
    BootFailure failure = new BootFailure(host, i.runId(), HOST_UNREACHABLE, now.business());
    return Optional.of(notBooted(i, failure, now, bootRetries));
  }

  /** Tried again on another host, or given up; never billed. */
  private static Change notBooted(
      InstanceEntity i, BootFailure failure, Moment now, int bootRetries) {
    boolean again = i.bootFailures() < bootRetries;
    String actor = OWN_REASONS.contains(failure.reason()) ? SYSTEM : AGENT;
    Change change = new Change(i, actor).failedToBoot(failure);
    i.bootFailed();
    i.awaitRetry(again);
    i.moveTo(again ? i.state() : InstanceState.FAILED, failure.reason());
    i.touch(failure.at());
    if (again) {
      change.emit(EventTypes.INSTANCE_BOOT_FAILED, failure.reason(), failure.at());
    } else {
      change
          .emit(EventTypes.INSTANCE_FAILED, failure.reason(), failure.at())
          .endOperation(false, failure.reason());
    }
    return change.order(i.issue(OrderFact.ABSENT, now));
  }

  /** On another host, with a new run: the one before it never began. */
  public static Optional<Change> retry(InstanceEntity i, Place place, Moment now) {
    if (!i.retryDue() || !i.state().isComingUp()) {
      return Optional.empty();
    }
    i.placeAt(place.slot(), place.site(), place.region(), place.run());
    i.awaitRetry(false);
    i.moveTo(i.state(), null);
    i.touch(now.business());
    return Optional.of(
        new Change(i, SYSTEM)
            .emit(EventTypes.INSTANCE_RETRYING, null, now.business())
            .order(i.issue(OrderFact.RUNNING, now)));
  }

  /** No other host can take it. */
  public static Optional<Change> giveUp(InstanceEntity i, String reason, Moment now) {
    if (!i.retryDue() || !i.state().isComingUp()) {
      return Optional.empty();
    }
    i.awaitRetry(false);
    i.moveTo(InstanceState.FAILED, reason);
    i.touch(now.business());
    return Optional.of(
        new Change(i, SYSTEM)
            .emit(EventTypes.INSTANCE_FAILED, reason, now.business())
            .endOperation(false, reason));
  }

  /** The order that what it left behind shall be gone, once more. */
  public static Change remindLeft(InstanceEntity i, LeftBehind left, Moment now) {
    return new Change(i, SYSTEM).order(i.gone(left, now), left.site());
  }

  /** The GPUs are free again: what waited for it is done. */
  public static Change released(InstanceEntity i, Instant at) {
    Change change = new Change(i, AGENT);
    String reason = i.reason();
    if (i.state() == InstanceState.STOPPING) {
      i.moveTo(InstanceState.STOPPED, reason);
      change.endOperation(true, null);
    }
    change.emit(EventTypes.INSTANCE_RELEASED, reason, at);
    i.letGo();
    if (i.state() == InstanceState.DELETING) {
      gone(change, DELETE_REQUESTED, at);
    }
    i.touch(at);
    return change;
  }

  /** The host fell silent: the instance goes on without it, its GPUs stay fenced. */
  public static Optional<Change> abandon(InstanceEntity i, Moment now) {
    if (!i.holding() || i.wantsToRun()) {
      return Optional.empty();
    }
    Change change = new Change(i, SYSTEM);
    if (i.state() == InstanceState.STOPPING) {
      i.moveTo(InstanceState.STOPPED, HOST_UNREACHABLE);
      change
          .emit(EventTypes.INSTANCE_UPDATED, HOST_UNREACHABLE, now.business())
          .endOperation(true, HOST_UNREACHABLE);
    }
    i.letGo();
    if (i.state() == InstanceState.DELETING) {
      gone(change, HOST_UNREACHABLE, now.business());
    }
    i.touch(now.business());
    return Optional.of(change);
  }

  /** The current order again, with a new sequence number and the pool's current epoch. */
  public static Change remind(InstanceEntity i, Moment now) {
    return new Change(i, SYSTEM).order(i.repeat(now));
  }
}
