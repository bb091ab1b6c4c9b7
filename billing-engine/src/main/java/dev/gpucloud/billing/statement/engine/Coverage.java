package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Covers usage by commitments, older ones first. What a commitment covers in an hour (or month) is
 * spread by quantity over all that ran then; the rest is overage. Rows must be cut at the hours of
 * hourly commitments and at the ends of terms.
 */
final class Coverage {
  private static final Comparator<UsageCommitment> OLDEST_FIRST =
      Comparator.<UsageCommitment, Instant>comparing(c -> c.term().from())
          .thenComparing(UsageCommitment::id);

  private Coverage() {}

  record Result(List<Part> parts, List<CommitmentUse> uses) {}

  static Result apply(List<Part> parts, List<UsageCommitment> commitments, BillingMonth month) {
    List<Part> now = parts;
    var uses = new ArrayList<CommitmentUse>();
    for (UsageCommitment commitment : commitments.stream().sorted(OLDEST_FIRST).toList()) {
      if (commitment.term().shareOf(month).signum() > 0) {
        var one = new One(commitment, month, now);
        now = one.cover();
        uses.add(new CommitmentUse(commitment, commitment.committedHours(month), one.used));
      }
    }
    return new Result(now, List.copyOf(uses));
  }

  /** One commitment over a month. */
  private static final class One {
    private final UsageCommitment commitment;
    private final BillingMonth month;
    private final List<Part> parts;
    private final Map<Instant, Rational> ran = new HashMap<>();
    private Rational used = Rational.ZERO;

    One(UsageCommitment commitment, BillingMonth month, List<Part> parts) {
      this.commitment = commitment;
      this.month = month;
      this.parts = parts;
    }

    List<Part> cover() {
      parts.stream()
          .filter(this::concerns)
          .forEach(p -> ran.merge(bucket(p), p.quantityHours(), Rational::add));
      ran.forEach(
          (bucket, hours) -> used = used.add(commitment.capacity(bucket, month).min(hours)));
      var result = new ArrayList<Part>();
      for (Part part : parts) {
        if (concerns(part)) {
          split(part, result);
        } else {
          result.add(part);
        }
      }
      return result;
    }

    private boolean concerns(Part part) {
      return !part.isCovered()
          && part.row().shape().sku().equals(commitment.sku())
          && commitment.term().holdsAt(part.row().start());
    }

    private Instant bucket(Part part) {
      return commitment.bucket(part.row().start(), month);
    }

    private void split(Part part, List<Part> into) {
      Rational all = ran.getOrDefault(bucket(part), Rational.ZERO);
      Rational covered =
          all.signum() == 0
              ? Rational.ONE
              : commitment.capacity(bucket(part), month).divide(all).min(Rational.ONE);
      if (covered.signum() > 0) {
        into.add(part.covered(covered, commitment.id()));
      }
      Rational rest = Rational.ONE.subtract(covered);
      if (rest.signum() > 0) {
        into.add(part.beyond(rest, commitment));
      }
    }
  }
}
