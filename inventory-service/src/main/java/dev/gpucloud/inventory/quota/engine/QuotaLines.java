package dev.gpucloud.inventory.quota.engine;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Limits and counts in slices, one line for each scope, model and site. What is held counts at the
 * project, its tenant and every ancestor, over all sites and at its site: always at all of them,
 * whether a limit is set there or not, so that giving it back is exact whatever limits came or went
 * meanwhile.
 */
public final class QuotaLines {
  private final Map<Key, Line> lines = new LinkedHashMap<>();
  private final Map<Key, SpentBudget> spent = new HashMap<>();

  /** Names a line; the site is {@link QuotaLimit#ALL_SITES} or one. */
  public record Key(UUID scope, String model, String site) {}

  private static final class Line {
    final long limit;
    final long before;
    long used;

    Line(long limit, long used) {
      this.limit = limit;
      this.before = used;
      this.used = used;
    }
  }

  /** The lines at which a scope counts what is held of a stock, the narrower first. */
  public static List<Key> keys(Stock stock, UUID scope) {
    Key everywhere = new Key(scope, stock.model(), QuotaLimit.ALL_SITES);
    return stock.site().equals(QuotaLimit.ALL_SITES)
        ? List.of(everywhere)
        : List.of(new Key(scope, stock.model(), stock.site()), everywhere);
  }

  public void put(Key key, long limitSlices, long usedSlices) {
    lines.put(key, new Line(limitSlices, usedSlices));
  }

  /** Stops all growth at a line: its budget of GPU-hours is used up. */
  public void spend(Key key, SpentBudget budget) {
    spent.put(key, budget);
  }

  /**
   * Counts slices at every scope (project, tenant, ancestors), or says which limit does not allow
   * it and counts nothing.
   */
  public Optional<Excess> charge(Stock stock, List<UUID> scopes, int slices) {
    Optional<Excess> excess = excess(stock, scopes, slices);
    if (excess.isEmpty()) {
      credit(stock, scopes, -slices);
    }
    return excess;
  }

  /** The first limit, nearest scope first, that does not allow so many slices more. */
  public Optional<Excess> excess(Stock stock, List<UUID> scopes, int slices) {
    for (int place = 0; place < scopes.size(); place++) {
      for (Key key : keys(stock, scopes.get(place))) {
        Line line = lines.get(key);
        boolean everywhere = key.site().equals(QuotaLimit.ALL_SITES);
        long limit = line != null ? line.limit : everywhere ? 0 : QuotaLimit.UNLIMITED;
        long used = line == null ? 0 : line.used;
        if (slices > limit - used) {
          String site = everywhere ? null : key.site();
          return Optional.of(new Excess(limit, used, slices, QuotaScope.at(place), site));
        }
        SpentBudget budget = spent.get(key);
        if (budget != null && slices > 0) {
          return Optional.of(new Excess(limit, used, slices, QuotaScope.at(place), null, budget));
        }
      }
    }
    return Optional.empty();
  }

  /** Gives back what was charged before, at the same scopes. */
  public void credit(Stock stock, List<UUID> scopes, int slices) {
    for (UUID scope : scopes) {
      for (Key key : keys(stock, scope)) {
        Line line = lines.get(key);
        if (line != null) {
          line.used -= slices;
        }
      }
    }
  }

  /** The lines whose count is another one than at first. */
  public List<Key> changed() {
    return lines.entrySet().stream()
        .filter(e -> e.getValue().used != e.getValue().before)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** What counts at a line now, 0 for one that was never put. */
  public long used(Key key) {
    Line line = lines.get(key);
    return line == null ? 0 : line.used;
  }

  /** How many slices more count at a line than at first. */
  public long more(Key key) {
    Line line = lines.get(key);
    return line == null ? 0 : line.used - line.before;
  }

  /** The most that may count at a line, in slices. */
  public long limit(Key key) {
    Line line = lines.get(key);
    return line == null ? 0 : line.limit;
  }
}
