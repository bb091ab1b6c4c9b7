package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.event.OrderFact;
import dev.gpucloud.contracts.event.RunReport;
import dev.gpucloud.contracts.event.RunSetup;
import dev.gpucloud.contracts.event.RunSetup.AttachedVolume;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run on one host: the last order for it and where it stands. {@code phaseAt} is the business
 * time at which the phase became true, {@code phaseSince} the system time; {@code attempt} is the
 * order sequence that the present boot answers, 0 when the run never touched its slots; {@code
 * generation} the boot generation that the present boot has; {@code held} every slot that the
 * driver may still have given it, {@code volumes} every volume.
 */
public record Run(
    Order order,
    Phase phase,
    Instant phaseAt,
    Instant phaseSince,
    long attempt,
    @Nullable String reason,
    boolean counted,
    int generation,
    long held,
    Set<String> volumes) {

  /** A state written before volumes were counted names none: the order does. */
  public Run {
    Set<String> had = phase.holdsSlots() ? volumesOf(order) : Set.of();
    volumes = Set.copyOf(Objects.requireNonNullElse(volumes, had));
  }

  static Run ordered(Order order, Instant systemNow) {
    return new Run(
        order, Phase.WAITING, order.issuedAt(), systemNow, 0, null, false, 0, 0, Set.of());
  }

  /** The run's id. */
  public RunId id() {
    return order.fact().runId();
  }

  /** The host that the run is on. */
  public HostId hostId() {
    return order.fact().hostId();
  }

  /** The instance that the run belongs to. */
  public InstanceId instanceId() {
    return order.fact().instanceId();
  }

  /** Sequence of the last order applied. */
  public long sequence() {
    return order.fact().orderSequence();
  }

  RunSpec spec() {
    OrderFact fact = order.fact();
    return new RunSpec(
        fact.runId(),
        fact.hostId(),
        attempt,
        fact.instanceType(),
        orderedMask(),
        fact.image(),
        fact.generation(),
        setup());
  }

  /** What it holds and what it is to hold. */
  long slotMask() {
    return held | orderedMask();
  }

  private long orderedMask() {
    return Slots.parse(order.fact().slots());
  }

  /** It runs, and its order wants it booted again. */
  boolean rebootDue() {
    return phase == Phase.RUNNING && generation < order.fact().generation();
  }

  boolean holdsSlots() {
    return phase.holdsSlots() && attempt > 0;
  }

  boolean settled() {
    return switch (phase) {
      case RUNNING -> order.wantsRunning() && !rebootDue() && !volumesDue();
      case FAILED -> order.wantsRunning() && attempt == sequence();
      case RELEASED -> !order.wantsRunning();
      case WAITING, BOOTING, REBOOTING, RELEASING -> false;
    };
  }

  Run with(Order next) {
    boolean again = phase == Phase.RELEASED && next.wantsRunning();
    Phase from = again ? Phase.WAITING : phase;
    return new Run(
        next, from, phaseAt, phaseSince, attempt, reason, counted, generation, held, volumes);
  }

  /** Gone because the instance has a newer run; keeps its own sequence, which names this run. */
  Run superseded(Order by) {
    OrderFact mine = order.fact();
    OrderFact gone =
        new OrderFact(
            mine.hostId(),
            mine.instanceId(),
            mine.runId(),
            mine.epoch(),
            mine.orderSequence(),
            OrderFact.ABSENT,
            mine.instanceType(),
            mine.gpus(),
            mine.migProfile(),
            mine.slots(),
            mine.image(),
            by.issuedAt(),
            mine.bootGeneration(),
            null);
    return with(new Order(gone, by.issuedAt(), by.tenantId(), by.traceparent()));
  }

  Run booting(Stamp stamp) {
    return new Run(
        order,
        Phase.BOOTING,
        later(stamp),
        stamp.system(),
        sequence(),
        null,
        counted,
        order.fact().generation(),
        orderedMask(),
        wantedVolumes());
  }

  Run rebooting(Stamp stamp) {
    return new Run(
        order,
        Phase.REBOOTING,
        later(stamp),
        stamp.system(),
        attempt,
        null,
        counted,
        order.fact().generation(),
        slotMask(),
        volumes);
  }

  Run entered(Phase next, Stamp stamp, @Nullable String why) {
    long began =
        switch (next) {
          case RELEASED, WAITING -> 0;
          case FAILED -> sequence();
          case BOOTING, RUNNING, REBOOTING, RELEASING -> attempt;
        };
    long holds =
        switch (next) {
          case RELEASED, WAITING -> 0;
          case RUNNING -> generation == order.fact().generation() ? orderedMask() : held;
          case BOOTING, REBOOTING, FAILED, RELEASING -> held;
        };
    Set<String> keeps = next == Phase.RELEASED || next == Phase.WAITING ? Set.of() : volumes;
    return new Run(
        order, next, later(stamp), stamp.system(), began, why, counted, generation, holds, keeps);
  }

  Run countedAsWaiting() {
    return new Run(
        order, phase, phaseAt, phaseSince, attempt, reason, true, generation, held, volumes);
  }

  /** With so many of the volumes that its order names. */
  Run given(Set<String> free) {
    return new Run(
        order, phase, phaseAt, phaseSince, attempt, reason, counted, generation, held, free);
  }

  /** The volumes that it shall have. */
  Set<String> wantedVolumes() {
    return volumesOf(order);
  }

  private static Set<String> volumesOf(Order order) {
    RunSetup setup = order.fact().setup();
    return setup == null || setup.volumes() == null || !order.wantsRunning()
        ? Set.of()
        : setup.volumes().stream()
            .map(AttachedVolume::volumeId)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** It runs, and has other volumes than its order names. */
  boolean volumesDue() {
    return phase == Phase.RUNNING && !volumes.equals(wantedVolumes());
  }

  /** What its order gives it, with the volumes that it has. */
  private @Nullable RunSetup setup() {
    RunSetup setup = order.fact().setup();
    return setup == null || setup.volumes() == null
        ? setup
        : setup.with(setup.volumes().stream().filter(v -> volumes.contains(v.volumeId())).toList());
  }

  RunReport report(String site, String observed) {
    OrderFact fact = order.fact();
    return new RunReport(
        site,
        fact.hostId(),
        fact.instanceId(),
        fact.runId(),
        fact.epoch(),
        fact.orderSequence(),
        observed,
        phaseAt,
        phase == Phase.RELEASED || phase == Phase.RUNNING && generation > 0,
        reason,
        generation == 0 ? null : generation);
  }

  private Instant later(Stamp stamp) {
    Instant at = stamp.business();
    if (at.isBefore(order.issuedAt())) {
      at = order.issuedAt();
    }
    return at.isBefore(phaseAt) ? phaseAt : at;
  }
}
