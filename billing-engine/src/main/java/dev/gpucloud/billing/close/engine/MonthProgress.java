package dev.gpucloud.billing.close.engine;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** How many accounts of a month stand where. */
public record MonthProgress(Map<AccountStanding, Long> accounts) {
  public MonthProgress {
    accounts = Map.copyOf(accounts);
  }

  public static MonthProgress of(Collection<AccountStanding> standings) {
    var counted = new EnumMap<AccountStanding, Long>(AccountStanding.class);
    for (AccountStanding standing : AccountStanding.values()) {
      counted.put(standing, standings.stream().filter(s -> s == standing).count());
    }
    return new MonthProgress(counted);
  }

  public long total() {
    return accounts.values().stream().mapToLong(Long::longValue).sum();
  }

  public long done() {
    return accounts.entrySet().stream()
        .filter(e -> e.getKey().isDone())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Whole per cent, 100 only when every account is done; a month without accounts is done. */
  public int percent() {
    return total() == 0 ? 100 : (int) (done() * 100 / total());
  }

  /** True when the month may be closed. */
  public boolean isComplete() {
    return done() == total();
  }
}
