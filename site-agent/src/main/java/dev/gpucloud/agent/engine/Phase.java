package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.event.RunReport;
import java.util.Optional;

/** Where a run stands on its host. */
public enum Phase {
  /** Ordered, not begun: its GPU slots are not free yet. */
  WAITING,
  BOOTING,
  RUNNING,
  /** Being booted again; still the same run, and alive. */
  REBOOTING,
  /** The boot or the run ended by itself; the slots are kept until an order releases them. */
  FAILED,
  /** Being stopped and its GPU memory scrubbed. */
  RELEASING,
  /** Gone, with its GPU memory scrubbed. */
  RELEASED;

  /** Whether a run in this phase occupies its GPU slots. */
  public boolean holdsSlots() {
    return this != WAITING && this != RELEASED;
  }

  /** Whether a run in this phase is used, and billed. */
  public boolean isAlive() {
    return this == RUNNING || this == REBOOTING;
  }

  /** What the site reports of a run in this phase; empty while there is nothing to tell. */
  public Optional<String> observed() {
    return switch (this) {
      case BOOTING -> Optional.of(RunReport.BOOTING);
      case RUNNING -> Optional.of(RunReport.RUNNING);
      case REBOOTING -> Optional.of(RunReport.REBOOTING);
      case FAILED -> Optional.of(RunReport.FAILED);
      case RELEASED -> Optional.of(RunReport.RELEASED);
      case WAITING, RELEASING -> Optional.empty();
    };
  }
}
