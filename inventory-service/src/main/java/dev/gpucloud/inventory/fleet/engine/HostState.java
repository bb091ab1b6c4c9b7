package dev.gpucloud.inventory.fleet.engine;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a host is in its life. A state has a method for each move that it allows and for no other,
 * so that an illegal move does not compile. Only {@link Active} hosts take new instances.
 */
public sealed interface HostState {

  /** Its word in rows and answers. */
  default String word() {
    return getClass().getSimpleName().toUpperCase(Locale.ROOT);
  }

  /**
   * What a drain, a maintenance or a quarantine goes back to; null in any other state, and in a
   * quarantine of what must pass a burn-in before it serves.
   */
  default @Nullable InService before() {
    return null;
  }

  /** The state of a row. */
  static HostState of(String word, @Nullable String before) {
    return switch (word) {
      case "EXPECTED" -> new Expected();
      case "DISCOVERED" -> new Discovered();
      case "ACCEPTING" -> new Accepting();
      case "ACTIVE" -> new Active();
      case "CORDONED" -> new Cordoned();
      case "DRAINING" -> new Draining(InService.of(before));
      case "MAINTENANCE" -> new Maintenance(InService.of(before));
      case "QUARANTINED" -> new Quarantined(before == null ? null : InService.of(before));
      case "RETIRED" -> new Retired();
      default -> throw new IllegalArgumentException("no host is " + word);
    };
  }

  /** It carries instances and has no work planned. */
  sealed interface InService extends HostState {
    private static InService of(@Nullable String word) {
      return switch (Objects.requireNonNull(word, "a drain and a maintenance know what was")) {
        case "ACTIVE" -> new Active();
        case "CORDONED" -> new Cordoned();
        default -> throw new IllegalArgumentException("no host goes back to " + word);
      };
    }

    /** Takes nothing new and shall be empty by a deadline. */
    default Draining drain() {
      return new Draining(this);
    }
  }

  /** It is seen, so that it may turn out to be bad. */
  sealed interface Quarantinable extends HostState {
    /** Nobody trusts it for now; what was in service goes back to that. */
    default Quarantined quarantine() {
      return new Quarantined(this instanceof InService now ? now : before());
    }
  }

  /** It may leave for good, once nothing is on it. */
  sealed interface Retirable extends HostState {
    /** Out of the fleet for ever. */
    default Retired retire() {
      return new Retired();
    }
  }

  /** A delivery announced it. */
  record Expected() implements Retirable {
    /** An agent found it. */
    public Discovered discover() {
      return new Discovered();
    }
  }

  /** It is there and matches what was announced. */
  record Discovered() implements Quarantinable, Retirable {
    /** Its burn-in begins. */
    public Accepting beginAcceptance() {
      return new Accepting();
    }
  }

  /** Its burn-in runs. */
  record Accepting() implements Quarantinable, Retirable {
    /** The burn-in passed. */
    public Active accept() {
      return new Active();
    }

    /** The burn-in failed; it may be tried again. */
    public Discovered reject() {
      return new Discovered();
    }
  }

  /** In service, open for new instances. */
  record Active() implements InService, Quarantinable {
    /** Takes nothing new; what is on it stays. */
    public Cordoned cordon() {
      return new Cordoned();
    }
  }

  /** In service, closed for new instances. */
  record Cordoned() implements InService, Quarantinable, Retirable {
    /** Takes new instances again. */
    public Active uncordon() {
      return new Active();
    }
  }

  /** Being emptied by a deadline. */
  record Draining(InService before) implements Quarantinable, Retirable {
    /** Goes on as before. */
    public InService cancelDrain() {
      return before;
    }

    /** It is empty. */
    public Maintenance beginMaintenance() {
      return new Maintenance(before);
    }
  }

  /** Being worked on. */
  record Maintenance(InService before) implements Quarantinable, Retirable {
    /** Goes on as before. */
    public InService endMaintenance() {
      return before;
    }

    /** It was changed so much that it must pass its burn-in again. */
    public Accepting reaccept() {
      return new Accepting();
    }
  }

  /** Not trusted: faults, silence, or an admin's word. */
  record Quarantined(@Nullable InService before) implements Retirable {
    /** Trusted again as it is: as before; null when it must pass its burn-in first. */
    public @Nullable InService releaseQuarantine() {
      return before;
    }

    /** Trusted again after another burn-in. */
    public Accepting reaccept() {
      return new Accepting();
    }
  }

  /** Out of the fleet for ever. */
  record Retired() implements HostState {}
}
