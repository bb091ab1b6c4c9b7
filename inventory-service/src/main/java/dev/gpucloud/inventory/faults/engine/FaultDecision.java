package dev.gpucloud.inventory.faults.engine;

import dev.gpucloud.inventory.fleet.engine.HostState;

/** What becomes of one fault. */
public enum FaultDecision {
  /** The rule asks for nothing. */
  IGNORED,
  /** Kept to be looked at. */
  WATCHED,
  /** Older than the last time that its host was declared good. */
  STALE,
  /** Its GPU or host is out already, or not in service. */
  ALREADY_OUT,
  /** The GPU takes nothing new once it is free. */
  GPU_DRAINED,
  /** The host is quarantined. */
  HOST_QUARANTINED,
  /** One too many for the site: the breaker opened, nothing was done. */
  BREAKER_OPENED,
  /** The site's breaker is open: nothing was done. */
  BREAKER_OPEN;

  /**
   * A fault as it meets its host: {@code gpuNamed} when the report says which GPU, {@code gpuOut}
   * when that one is out already.
   */
  public record Situation(
      FaultAction action, boolean stale, HostState state, boolean gpuNamed, boolean gpuOut) {

    boolean wantsHost() {
      return action == FaultAction.QUARANTINE_HOST || !gpuNamed;
    }

    boolean alreadyOut() {
      return !(state instanceof HostState.Quarantinable) || !wantsHost() && gpuOut;
    }
  }

  /** Decides; a fault that should drain a GPU but names none takes the host. */
  public static FaultDecision of(Situation fault, Breaker breaker, Breaker.Reading site) {
    return switch (fault.action()) {
      case IGNORE -> IGNORED;
      case WATCH -> WATCHED;
      case DRAIN_GPU, QUARANTINE_HOST -> {
        if (fault.stale()) {
          yield STALE;
        }
        if (fault.alreadyOut()) {
          yield ALREADY_OUT;
        }
        yield switch (breaker.ask(site, fault.wantsHost())) {
          case PASSES -> fault.wantsHost() ? HOST_QUARANTINED : GPU_DRAINED;
          case OPENS -> BREAKER_OPENED;
          case IS_OPEN -> BREAKER_OPEN;
        };
      }
    };
  }
}
