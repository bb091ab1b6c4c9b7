package dev.gpucloud.inventory.fleet.engine;

import dev.gpucloud.inventory.fleet.engine.HostState.Accepting;
import dev.gpucloud.inventory.fleet.engine.HostState.Active;
import dev.gpucloud.inventory.fleet.engine.HostState.Cordoned;
import dev.gpucloud.inventory.fleet.engine.HostState.Discovered;
import dev.gpucloud.inventory.fleet.engine.HostState.Draining;
import dev.gpucloud.inventory.fleet.engine.HostState.Expected;
import dev.gpucloud.inventory.fleet.engine.HostState.InService;
import dev.gpucloud.inventory.fleet.engine.HostState.Maintenance;
import dev.gpucloud.inventory.fleet.engine.HostState.Quarantinable;
import dev.gpucloud.inventory.fleet.engine.HostState.Quarantined;
import dev.gpucloud.inventory.fleet.engine.HostState.Retirable;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The moves of a host's life by name, for callers who learn the state only when it is read. */
public enum HostAction {
  DISCOVER(Needs.NOTHING),
  BEGIN_ACCEPTANCE(Needs.NOTHING),
  ACCEPT(Needs.NOTHING),
  REJECT(Needs.NOTHING),
  CORDON(Needs.NOTHING),
  UNCORDON(Needs.NOTHING),
  DRAIN(Needs.NOTHING),
  CANCEL_DRAIN(Needs.NOTHING),
  BEGIN_MAINTENANCE(Needs.NOTHING_HELD),
  END_MAINTENANCE(Needs.NOTHING_FENCED),
  QUARANTINE(Needs.NOTHING),
  RELEASE_QUARANTINE(Needs.NOTHING_FENCED),
  REACCEPT(Needs.NOTHING_ON_IT),
  RETIRE(Needs.NOTHING_HELD);

  /** These follow from what is seen of the host; nobody can ask for them. */
  private static final Set<HostAction> OF_THE_SERVICE =
      EnumSet.of(DISCOVER, ACCEPT, REJECT, BEGIN_MAINTENANCE);

  private final Needs needs;

  HostAction(Needs needs) {
    this.needs = needs;
  }

  /** What must be true of the slices of a host beside its state. */
  public enum Needs {
    /** They do not matter. */
    NOTHING,
    /** None is held by an instance or waits for its release; fenced ones may stay. */
    NOTHING_HELD,
    /** None waits for a late proof. */
    NOTHING_FENCED,
    /** All are free. */
    NOTHING_ON_IT;

    /** Whether a host with so many allocations of each kind qualifies. */
    public boolean isMetBy(long held, long fenced) {
      return switch (this) {
        case NOTHING -> true;
        case NOTHING_HELD -> held == 0;
        case NOTHING_FENCED -> fenced == 0;
        case NOTHING_ON_IT -> held == 0 && fenced == 0;
      };
    }
  }

  public Needs needs() {
    return needs;
  }

  /** Its name in addresses and answers. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The state after it, empty when the state does not allow it. */
  public Optional<HostState> on(HostState state) {
    return Optional.ofNullable(
        switch (this) {
          case DISCOVER -> state instanceof Expected s ? s.discover() : null;
          case BEGIN_ACCEPTANCE -> state instanceof Discovered s ? s.beginAcceptance() : null;
          case ACCEPT -> state instanceof Accepting s ? s.accept() : null;
          case REJECT -> state instanceof Accepting s ? s.reject() : null;
          case CORDON -> state instanceof Active s ? s.cordon() : null;
          case UNCORDON -> state instanceof Cordoned s ? s.uncordon() : null;
          case DRAIN -> state instanceof InService s ? s.drain() : null;
          case CANCEL_DRAIN -> state instanceof Draining s ? s.cancelDrain() : null;
          case BEGIN_MAINTENANCE -> state instanceof Draining s ? s.beginMaintenance() : null;
          case END_MAINTENANCE -> state instanceof Maintenance s ? s.endMaintenance() : null;
          case QUARANTINE -> state instanceof Quarantinable s ? s.quarantine() : null;
          case RELEASE_QUARANTINE -> state instanceof Quarantined s ? s.releaseQuarantine() : null;
          case REACCEPT ->
              switch (state) {
                case Maintenance s -> s.reaccept();
                case Quarantined s -> s.reaccept();
                default -> null;
              };
          case RETIRE -> state instanceof Retirable s ? s.retire() : null;
        });
  }

  /** The state after it, empty when the state or what is on the host does not allow it. */
  public Optional<HostState> on(HostState state, long held, long fenced) {
    return needs.isMetBy(held, fenced) ? on(state) : Optional.empty();
  }

  /** What an admin may ask of a host in this state with so many allocations on it, as words. */
  public static List<String> allowedOn(HostState state, long held, long fenced) {
    return Stream.of(values())
        .filter(action -> !OF_THE_SERVICE.contains(action))
        .filter(action -> action.on(state, held, fenced).isPresent())
        .map(HostAction::word)
        .toList();
  }
}
