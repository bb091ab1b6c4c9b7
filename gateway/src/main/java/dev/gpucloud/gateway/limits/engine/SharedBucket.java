package dev.gpucloud.gateway.limits.engine;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A replica's part in a bucket that several replicas share through a store. It gives tokens without
 * asking, owes them until the store is told, and never owes more than its {@link Portion} of what
 * the common level is as far as it knows. Whatever the order in which replicas give and tell,
 * together they give what one bucket would, no more, as long as the store counts all of them. While
 * the store is away it gives the static share.
 *
 * <p>Levels are counted as in {@link TokenBucket}.
 */
public final class SharedBucket implements Bucket {
  private final UUID id;
  private final Allowance allowance;
  private final Ledger ledger;
  private final long partsPerToken;
  private final long fullParts;
  private long commonParts;
  private long atNanos;
  private long owedParts;
  private long sentParts;
  private long owesSinceNanos;
  private boolean listed;
  private Terms terms;
  private Portion portion;
  private @Nullable TokenBucket share;

  /** A bucket that is full as far as anybody here knows; {@code id} is its name at the store. */
  public SharedBucket(UUID id, Allowance allowance, Ledger ledger, long nowNanos) {
    this.id = id;
    this.allowance = allowance;
    this.ledger = ledger;
    this.partsPerToken = allowance.windowNanos();
    this.fullParts = allowance.requests() * partsPerToken;
    Math.multiplyExact(fullParts, 4); // levels go from minus one bucket to one, and gain two
    this.commonParts = fullParts;
    this.atNanos = nowNanos;
    this.terms = new Terms.Together(1);
    this.portion = Portion.of(allowance, 1);
    adopt(ledger.terms());
  }

  @Override
  public boolean tryTake(long nowNanos) {
    boolean taken;
    boolean hurry = false;
    boolean list;
    synchronized (this) {
      refresh(nowNanos);
      if (share != null) {
        taken = share.tryTake(nowNanos);
      } else {
        taken = mayOweAnother();
        if (taken) {
          hurry = owe(nowNanos);
        }
      }
      list = taken && !listed;
      listed |= taken;
    }
    if (list) {
      ledger.owes(this);
    }
    if (hurry) {
      ledger.hurry();
    }
    return taken;
  }

  @Override
  public synchronized void giveBack() {
    if (share != null) {
      share.giveBack();
    } else {
      owedParts -= partsPerToken;
    }
  }

  @Override
  public synchronized boolean hasToken(long nowNanos) {
    refresh(nowNanos);
    return share == null ? mayOweAnother() : share.hasToken(nowNanos);
  }

  @Override
  public synchronized long nanosUntilToken(long nowNanos) {
    refresh(nowNanos);
    if (share != null) {
      return share.nanosUntilToken(nowNanos);
    }
    if (mayOweAnother()) {
      return 0;
    }
    long missing = portion.othersParts() + owedParts + partsPerToken - commonParts;
    // what owes all that it may waits for the store to be told, which is a matter of moments
    return Math.max(1, Math.ceilDiv(missing, allowance.requests()));
  }

  @Override
  public synchronized Standing standing(String limit, long nowNanos) {
    refresh(nowNanos);
    if (share != null) {
      return share.standing(limit, nowNanos);
    }
    long left = mayOweAnother() ? Math.min(fullParts, commonParts - owedParts) : 0;
    long untilFull = Math.max(0, fullParts - commonParts + owedParts);
    return new Standing(
        limit,
        allowance,
        Math.max(0, left / partsPerToken),
        Math.ceilDiv(untilFull, allowance.requests()));
  }

  /**
   * What the store is to be told now, in nanoseconds of refill, rounded up; 0 when there is nothing
   * or it can wait. What was told is waited for: {@link #settled} or {@link #unsettled} comes next.
   */
  public synchronized long tell(long nowNanos) {
    refresh(nowNanos);
    if (share != null) {
      sentParts = share.missingParts(nowNanos);
      return Math.ceilDiv(sentParts, allowance.requests());
    }
    boolean due =
        4 * owedParts >= portion.ownParts()
            || nowNanos - owesSinceNanos >= allowance.windowNanos() / 8;
    sentParts = due ? Math.max(0, owedParts) : 0;
    return Math.ceilDiv(sentParts, allowance.requests());
  }

  /** The store was told, and says in how many nanoseconds the common bucket would be full. */
  public synchronized void settled(long nanosUntilFull, long nowNanos) {
    if (share != null) {
      owedParts = Math.max(0, share.missingParts(nowNanos) - sentParts);
      share = null;
    } else {
      owedParts -= sentParts;
    }
    sentParts = 0;
    owesSinceNanos = nowNanos;
    long missing = Math.clamp(nanosUntilFull, 0, 2 * partsPerToken) * allowance.requests();
    commonParts = fullParts - missing;
    atNanos = nowNanos;
  }

  /** Whether the store knows all, so that the bucket need not be listed until it gives again. */
  public synchronized boolean isClear() {
    listed = share != null || owedParts > 0;
    return !listed;
  }

  /** Nobody knows whether the store was told; it is told once more, at the callers' cost. */
  public synchronized void unsettled() {
    sentParts = 0;
  }

  public UUID id() {
    return id;
  }

  public long windowNanos() {
    return partsPerToken;
  }

  private boolean mayOweAnother() {
    return owedParts + partsPerToken <= portion.mostOwedParts(commonParts);
  }

  /** Answers whether half of the portion is reached with this token. */
  private boolean owe(long nowNanos) {
    if (owedParts <= 0) {
      owesSinceNanos = nowNanos;
    }
    long before = owedParts;
    owedParts += partsPerToken;
    return 2 * before < portion.ownParts() && 2 * owedParts >= portion.ownParts();
  }

  private void refresh(long nowNanos) {
    Terms now = ledger.terms();
    refill(nowNanos);
    if (now != terms) {
      adopt(now);
    }
  }

  private void adopt(Terms now) {
    terms = now;
    switch (now) {
      case Terms.Together together -> portion = Portion.of(allowance, together.replicas());
      case Terms.Alone alone -> {
        if (share == null) {
          long part = (commonParts - owedParts) / alone.replicas();
          share = new TokenBucket(allowance.shareOf(alone.replicas()), part, atNanos);
        }
      }
    }
  }

  private void refill(long nowNanos) {
    long elapsed = nowNanos - atNanos;
    if (elapsed <= 0) {
      return;
    }
    atNanos = nowNanos;
    long gained = Math.min(elapsed, 2 * partsPerToken) * allowance.requests();
    commonParts = Math.min(fullParts, commonParts + gained);
  }
}
