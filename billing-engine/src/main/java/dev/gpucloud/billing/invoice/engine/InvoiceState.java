package dev.gpucloud.billing.invoice.engine;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Where an invoice stands. Each state has only the moves it allows, so that an illegal transition
 * does not compile; preparers are whoever made or submitted the draft, and none of them approves.
 */
public sealed interface InvoiceState {

  /** Name in the database and in answers. */
  String name();

  /** Everybody who prepared or submitted this document. */
  Set<String> preparers();

  /** Being prepared. */
  record Draft(Set<String> preparers) implements InvoiceState {
    public Draft {
      preparers = Set.copyOf(preparers);
    }

    @Override
    public String name() {
      return "DRAFT";
    }

    public InReview submit(String by) {
      var all = new LinkedHashSet<>(preparers);
      all.add(by);
      return new InReview(all);
    }
  }

  /** Waiting for a second person. */
  record InReview(Set<String> preparers) implements InvoiceState {
    public InReview {
      preparers = Set.copyOf(preparers);
    }

    @Override
    public String name() {
      return "IN_REVIEW";
    }

    public Approval approve(String by) {
      return preparers.contains(by)
          ? new Approval.RefusedToPreparer(by)
          : new Approval.Granted(new Approved(preparers, by));
    }

    public Draft sendBack() {
      return new Draft(preparers);
    }
  }

  /** Approved by somebody who did not prepare it. */
  record Approved(Set<String> preparers, String approvedBy) implements InvoiceState {
    public Approved {
      preparers = Set.copyOf(preparers);
    }

    @Override
    public String name() {
      return "APPROVED";
    }

    public Draft sendBack() {
      return new Draft(preparers);
    }

    public Issued issue(String number) {
      return new Issued(preparers, approvedBy, number);
    }
  }

  /** Numbered and posted; nothing changes it any more. */
  record Issued(Set<String> preparers, String approvedBy, String number) implements InvoiceState {
    public Issued {
      preparers = Set.copyOf(preparers);
    }

    @Override
    public String name() {
      return "ISSUED";
    }
  }

  /** What asking for approval yields. */
  sealed interface Approval {
    /** A second person approved. */
    record Granted(Approved state) implements Approval {}

    /** The four-eyes rule: who prepared it may not approve it. */
    record RefusedToPreparer(String subject) implements Approval {}
  }
}
