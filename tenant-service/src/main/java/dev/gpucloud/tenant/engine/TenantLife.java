package dev.gpucloud.tenant.engine;

/**
 * Where a tenant is in its life, from the application on. A state has a method for each move that
 * it allows and for no other, so that an illegal move does not compile. Until it is approved, it is
 * an application and nothing else.
 */
public sealed interface TenantLife {

  /** Its word. */
  TenantState state();

  /** The state of a row. */
  static TenantLife of(TenantState state) {
    return switch (state) {
      case APPLIED -> new Applied();
      case APPROVED -> new Approved();
      case ACTIVE -> new Active();
      case SUSPENDED -> new Suspended();
      case CLOSING -> new Closing();
      case CLOSED -> new Closed();
      case REJECTED -> new Rejected();
      case WITHDRAWN -> new Withdrawn();
    };
  }

  /** It has a contract, which may end. */
  sealed interface Contracted extends TenantLife {
    /** Takes nothing new, and ends when nothing is left and all is paid. */
    default Closing close() {
      return new Closing();
    }
  }

  /** Waits for a decision. */
  record Applied() implements TenantLife {
    public Approved approve() {
      return new Approved();
    }

    public Rejected reject() {
      return new Rejected();
    }

    /** The applicant thought better of it. */
    public Withdrawn withdraw() {
      return new Withdrawn();
    }

    @Override
    public TenantState state() {
      return TenantState.APPLIED;
    }
  }

  /** Accepted, and about to get its owner and its first project. */
  record Approved() implements TenantLife {
    public Active activate() {
      return new Active();
    }

    @Override
    public TenantState state() {
      return TenantState.APPROVED;
    }
  }

  /** Does as it likes. */
  record Active() implements Contracted {
    public Suspended suspend() {
      return new Suspended();
    }

    @Override
    public TenantState state() {
      return TenantState.ACTIVE;
    }
  }

  /** Takes nothing new; what runs goes on or is stopped after a notice. */
  record Suspended() implements Contracted {
    public Active resume() {
      return new Active();
    }

    @Override
    public TenantState state() {
      return TenantState.SUSPENDED;
    }
  }

  /** On its way out. */
  record Closing() implements TenantLife {
    /** Nothing is left and all is paid. */
    public Closed finish() {
      return new Closed();
    }

    @Override
    public TenantState state() {
      return TenantState.CLOSING;
    }
  }

  /** Over; kept for its invoices. */
  record Closed() implements TenantLife {
    @Override
    public TenantState state() {
      return TenantState.CLOSED;
    }
  }

  /** The platform said no. */
  record Rejected() implements TenantLife {
    @Override
    public TenantState state() {
      return TenantState.REJECTED;
    }
  }

  /** The applicant took it back. */
  record Withdrawn() implements TenantLife {
    @Override
    public TenantState state() {
      return TenantState.WITHDRAWN;
    }
  }
}
