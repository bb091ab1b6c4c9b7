package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.contracts.money.Rational;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Burns promotional credits on exact rows by usage time: the credit is netted before any rounding,
 * and its balance stays exact.
 */
public final class CreditEngine {
  private CreditEngine() {}

  /** A part of a grant used for one row. */
  public record Burn(UUID grantId, Rational amount) {}

  /** A row and what credits took off it. */
  public record CreditedRow(RatedRow row, List<Burn> burns) {
    public Rational creditAmount() {
      return burns.stream().map(Burn::amount).reduce(Rational.ZERO, Rational::add);
    }

    /** What is left to invoice. */
    public Rational netAmount() {
      return row.amount().subtract(creditAmount());
    }
  }

  /** Burns the grants on the rows; rows are answered by usage time, whatever order they came in. */
  public static List<CreditedRow> burn(List<RatedRow> rows, List<CreditGrant> grants) {
    List<CreditGrant> order = grants.stream().sorted(CreditGrant.BURN_ORDER).toList();
    var left = new HashMap<UUID, Rational>();
    order.forEach(g -> left.put(g.id(), g.balance()));
    return rows.stream()
        .sorted(RatedRow.BY_USAGE_TIME)
        .map(row -> new CreditedRow(row, burnRow(row, order, left)))
        .toList();
  }

  private static List<Burn> burnRow(
      RatedRow row, List<CreditGrant> order, Map<UUID, Rational> left) {
    var burns = new ArrayList<Burn>();
    Rational open = row.amount();
    for (CreditGrant grant : order) {
      Rational take = open.min(left.getOrDefault(grant.id(), Rational.ZERO));
      if (take.signum() > 0 && grant.coversUsageAt(row.start())) {
        burns.add(new Burn(grant.id(), take));
        left.merge(grant.id(), take.negate(), Rational::add);
        open = open.subtract(take);
      }
    }
    return List.copyOf(burns);
  }
}
