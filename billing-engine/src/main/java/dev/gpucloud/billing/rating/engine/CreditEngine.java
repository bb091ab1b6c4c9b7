package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Burns promotional credits on exact rows by usage time: the credit is netted before any rounding,
 * and its balance stays exact.
 */
public final class CreditEngine {
  private CreditEngine() {}

  /** A part of a grant used for one row. */
  public record Burn(UUID grantId, Rational amount) {}

  /** What is left of some grants while rows are netted one after the other, by usage time. */
  public static final class Balances {
    private final List<CreditGrant> order;
    private final Map<UUID, Rational> left = new HashMap<>();

    public Balances(List<CreditGrant> grants) {
      order = grants.stream().sorted(CreditGrant.BURN_ORDER).toList();
      order.forEach(g -> left.put(g.id(), g.balance()));
    }

    /** Takes up to {@code open} won for usage at an instant from the grants that may be used. */
    public List<Burn> burn(Instant usageAt, Rational open, Predicate<CreditGrant> usable) {
      var burns = new ArrayList<Burn>();
      Rational rest = open;
      for (CreditGrant grant : order) {
        Rational take = rest.min(left(grant.id()));
        if (take.signum() > 0 && grant.coversUsageAt(usageAt) && usable.test(grant)) {
          burns.add(new Burn(grant.id(), take));
          left.merge(grant.id(), take.negate(), Rational::add);
          rest = rest.subtract(take);
        }
      }
      return List.copyOf(burns);
    }

    /** What is left of a grant. */
    public Rational left(UUID grant) {
      return left.getOrDefault(grant, Rational.ZERO);
    }
  }
}
