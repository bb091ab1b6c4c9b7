package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.placement.Placing.Extended;
import dev.gpucloud.inventory.placement.Placing.Leaving;
import dev.gpucloud.inventory.quota.engine.Stock;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a batch takes of quota and gives back: read, charged gang by gang, and counted at the end.
 */
final class BatchQuota {
  private final Stock stock;
  private final boolean locked;
  private final QuotaBook book;

  /**
   * {@code locked}: the rows are locked when they are read, so that nothing can move them; {@code
   * businessNow} is when budgets are looked at.
   */
  BatchQuota(Stock stock, boolean locked, Instant businessNow) {
    this.stock = stock;
    this.locked = locked;
    this.book = QuotaBook.at(businessNow);
  }

  /** Reads above whom the tenants of the gangs stand; before {@link #read}. */
  Uni<Void> readLineages(SqlConnection c, List<Gang> gangs) {
    return book.readLineages(
        c, gangs.stream().map(gang -> gang.task().tenantId()).collect(Collectors.toSet()));
  }

  /** Reads what the batch may count. */
  Uni<Void> read(SqlConnection c, List<Gang> gangs, List<Freeing> freeings) {
    Set<QuotaBook.Owner> owners = new HashSet<>();
    gangs.forEach(gang -> owners.add(owner(gang)));
    return book.read(c, new QuotaBook.Wanted(stock, owners, locked), credits(gangs, freeings));
  }

  private Set<QuotaBook.Credit> credits(List<Gang> gangs, List<Freeing> freeings) {
    Set<QuotaBook.Credit> credits = new HashSet<>();
    freeings.stream()
        .filter(f -> !f.leftBehind())
        .forEach(f -> credits.add(new QuotaBook.Credit(stock, f.quotaOf())));
    for (Gang gang : gangs) {
      for (Placing placing : gang.placings()) {
        Leaving leaving = placing.leaving;
        Extended extended = placing.extended;
        if (leaving != null) {
          credits.add(leaving.counted());
        }
        if (extended != null) {
          credits.add(extended.counted());
        }
      }
    }
    return credits;
  }

  private static QuotaBook.Owner owner(Gang gang) {
    UUID project = gang.placings().getFirst().instance().projectId().value();
    return new QuotaBook.Owner(gang.task().tenantId(), project);
  }

  /** Charges what is placed and credits what is freed; answers who is over, and why. */
  Map<Gang, Outcome> charge(List<Gang> gangs, List<Freeing> freeings) {
    Map<Gang, Outcome> over = new LinkedHashMap<>();
    for (Gang gang : gangs) {
      Extended before = gang.placings().getFirst().extended;
      gang.countFor(before == null ? book.scopes(owner(gang)) : before.counted().scopes());
      if (countsAsBefore(gang)) {
        continue;
      }
      credit(gang, 1);
      book.charge(stock, gang.quotaOf(), gang.task().slices())
          .ifPresent(
              excess -> {
                credit(gang, -1);
                over.put(gang, new Outcome.OverQuota(excess));
              });
    }
    freeings.stream()
        .filter(freeing -> !freeing.leftBehind())
        .forEach(f -> book.credit(stock, f.quotaOf(), Long.bitCount(f.slot().mask())));
    return over;
  }

  /** Placed anew where it was counted before: it grows nothing, whatever its limits are now. */
  private boolean countsAsBefore(Gang gang) {
    Leaving leaving = gang.placings().getFirst().leaving;
    return gang.placings().size() == 1
        && leaving != null
        && leaving.slices() == gang.task().slices()
        && leaving.counted().equals(new QuotaBook.Credit(stock, gang.quotaOf()));
  }

  /** What its instances leave behind counts no longer while they are counted anew. */
  private void credit(Gang gang, int times) {
    gang.placings().stream()
        .map(placing -> placing.leaving)
        .filter(Objects::nonNull)
        .forEach(
            leaving ->
                book.credit(
                    leaving.counted().stock(),
                    leaving.counted().scopes(),
                    times * leaving.slices()));
  }

  /** Of a gang that was charged and is left out after all. */
  void giveBack(Gang gang) {
    book.credit(stock, gang.quotaOf(), gang.task().slices());
  }

  /** Counts what was charged. */
  Uni<Void> store(SqlConnection c) {
    return book.store(c);
  }
}
