package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.rating.engine.Factor;
import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets usage be paid in part by grants, older ones first and never by two. What a grant covers in
 * an hour is spread by quantity over what of its GPUs ran then and no commitment had paid; the rest
 * keeps its price. Rows must be cut at full hours and at the bounds of the terms.
 */
final class GrantCoverage {
  private static final Rational HUNDRED = Rational.of(100);
  private static final Comparator<GrantShare> OLDEST_FIRST =
      Comparator.<GrantShare, Instant>comparing(g -> g.term().from()).thenComparing(GrantShare::id);

  private GrantCoverage() {}

  static List<Part> apply(List<Part> parts, List<GrantShare> shares) {
    List<Part> now = parts;
    Set<Part> granted = new HashSet<>();
    for (GrantShare share : shares.stream().sorted(OLDEST_FIRST).toList()) {
      now = apply(now, share, granted);
    }
    return now;
  }

  private static List<Part> apply(List<Part> parts, GrantShare share, Set<Part> granted) {
    Map<Instant, Rational> ran = new HashMap<>();
    parts.stream()
        .filter(part -> concerns(share, part) && !granted.contains(part))
        .forEach(part -> ran.merge(hour(part), gpuHours(part), Rational::add));
    if (ran.isEmpty()) {
      return parts;
    }
    var factor =
        new Factor("share of grant " + share.id(), share.customerSharePct().divide(HUNDRED));
    List<Part> result = new ArrayList<>(parts.size());
    for (Part part : parts) {
      if (!concerns(share, part) || granted.contains(part)) {
        result.add(part);
        continue;
      }
      Rational all = ran.getOrDefault(hour(part), Rational.ZERO);
      Rational covered =
          all.signum() == 0
              ? Rational.ONE
              : capacity(share, hour(part)).divide(all).min(Rational.ONE);
      if (covered.signum() > 0) {
        Part paid = part.partly(covered, factor);
        granted.add(paid);
        result.add(paid);
      }
      Rational rest = Rational.ONE.subtract(covered);
      if (rest.signum() > 0) {
        result.add(part.of(rest));
      }
    }
    return result;
  }

  /** GPU-hours of a clock hour that are the grant's: of the part that lies within its term. */
  private static Rational capacity(GrantShare share, Instant hour) {
    return share.gpus().multiply(ClockHours.within(share.term(), hour));
  }

  private static boolean concerns(GrantShare share, Part part) {
    Shape shape = part.row().shape();
    return !part.isCovered()
        && shape.migProfile() == null
        && shape.gpuModel().equals(share.model())
        && part.row().scope().tenantId().equals(share.tenant())
        && share.term().holdsAt(part.row().start());
  }

  /** Whatever its price is counted by. */
  private static Rational gpuHours(Part part) {
    return part.quantityHours()
        .multiply(Rational.of(part.row().shape().gpus(), part.row().units()));
  }

  private static Instant hour(Part part) {
    return ClockHours.of(part.row().start());
  }
}
