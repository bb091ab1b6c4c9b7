package dev.gpucloud.billing.close.engine;

/**
 * A waiver on its way: one person proposes it with a reason, another one confirms or rejects it.
 * Only a proposed one can be decided, and only once.
 */
public sealed interface WaiverState {
  /** Name in the database and in answers. */
  String name();

  /** Waits for a second person. */
  record Proposed(String by) implements WaiverState {
    @Override
    public String name() {
      return "PROPOSED";
    }

    /** The finding does not count any more, if somebody else says so. */
    public Decision confirm(String other) {
      return by.equals(other)
          ? new Decision.RefusedToProposer(other)
          : new Decision.Made(new Confirmed(by, other));
    }

    /** The finding goes on blocking; whoever proposed it may take it back so. */
    public Rejected reject(String who) {
      return new Rejected(by, who);
    }
  }

  /** Two persons let the finding pass. */
  record Confirmed(String by, String confirmedBy) implements WaiverState {
    public Confirmed {
      if (by.equals(confirmedBy)) {
        throw new IllegalArgumentException("nobody confirms what they proposed");
      }
    }

    @Override
    public String name() {
      return "CONFIRMED";
    }
  }

  /** Refused or taken back. */
  record Rejected(String by, String rejectedBy) implements WaiverState {
    @Override
    public String name() {
      return "REJECTED";
    }
  }

  /** What asking for confirmation yields. */
  sealed interface Decision {
    /** A second person confirmed. */
    record Made(Confirmed state) implements Decision {}

    /** The four-eyes rule. */
    record RefusedToProposer(String subject) implements Decision {}
  }
}
