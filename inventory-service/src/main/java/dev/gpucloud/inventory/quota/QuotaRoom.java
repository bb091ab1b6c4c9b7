package dev.gpucloud.inventory.quota;

import dev.gpucloud.inventory.quota.engine.Excess;
import dev.gpucloud.inventory.quota.engine.QuotaLimit;
import dev.gpucloud.inventory.quota.engine.QuotaLines;
import dev.gpucloud.inventory.quota.engine.SpentBudget;
import dev.gpucloud.inventory.quota.engine.Stock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a project may still take of a model, as read once: an answer, not a promise. */
public final class QuotaRoom {
  private final String model;
  private final List<UUID> scopes = new ArrayList<>();
  private final QuotaLines lines = new QuotaLines();

  private QuotaRoom(String model) {
    this.model = model;
  }

  /** Rows of scope, kind, site, held, published, limit, budget; nearest scope first. */
  static QuotaRoom of(String model, List<Object[]> rows, Instant now) {
    QuotaRoom room = new QuotaRoom(model);
    rows.forEach(row -> room.add(row, now));
    return room;
  }

  private void add(Object[] row, Instant now) {
    UUID scope = (UUID) row[0];
    String site = (String) row[2];
    boolean needed = QuotaLimit.isNeeded("PROJECT".equals(row[1]), "GROUP".equals(row[1]), site);
    Integer limitGpus = row[5] == null ? null : ((Number) row[5]).intValue();
    if (!scopes.contains(scope)) {
      scopes.add(scope);
    }
    QuotaLines.Key key = new QuotaLines.Key(scope, model, site);
    lines.put(
        key, QuotaLimit.slices((Boolean) row[4], limitGpus, needed), ((Number) row[3]).longValue());
    Instant ends = QuotaService.stoppedUntil(row[8], now);
    if (ends != null) {
      lines.spend(
          key, new SpentBudget(((Number) row[6]).longValue(), ((Number) row[7]).longValue(), ends));
    }
  }

  /** Which limit over all sites would refuse so many slices now, if any. */
  public Optional<Excess> exceededBy(int slices) {
    return exceededBy(slices, QuotaLimit.ALL_SITES);
  }

  /** Which limit would refuse so many slices at a site now, if any. */
  public Optional<Excess> exceededBy(int slices, String site) {
    return lines.excess(new Stock(model, site), scopes, slices);
  }
}
