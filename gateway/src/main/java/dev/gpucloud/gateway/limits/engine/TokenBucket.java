package dev.gpucloud.gateway.limits.engine;

/**
 * Gives out the tokens of an allowance and fills up steadily. The level is counted in parts of a
 * token, as many to a token as the window has nanoseconds, so that a nanosecond adds a whole number
 * of them: nothing is rounded, however often it is asked.
 */
public final class TokenBucket implements Bucket {
  private final Allowance allowance;
  private final long partsPerToken;
  private final long fullParts;
  private long parts;
  private long atNanos;

  /**
   * A full bucket; {@code nowNanos} and all later times are of one clock that only goes forward.
   */
  public TokenBucket(Allowance allowance, long nowNanos) {
    this.allowance = allowance;
    this.partsPerToken = allowance.windowNanos();
    this.fullParts = Math.multiplyExact(allowance.requests(), partsPerToken);
    this.parts = fullParts;
    this.atNanos = nowNanos;
  }

  /**
   * A bucket with so many parts in it, or full when they are more, or empty when fewer than none.
   */
  TokenBucket(Allowance allowance, long parts, long nowNanos) {
    this(allowance, nowNanos);
    this.parts = Math.clamp(parts, 0, fullParts);
  }

  @Override
  public synchronized boolean tryTake(long nowNanos) {
    refill(nowNanos);
    if (parts < partsPerToken) {
      return false;
    }
    parts -= partsPerToken;
    return true;
  }

  @Override
  public synchronized void giveBack() {
    parts = fullParts - parts < partsPerToken ? fullParts : parts + partsPerToken;
  }

  @Override
  public synchronized boolean hasToken(long nowNanos) {
    refill(nowNanos);
    return parts >= partsPerToken;
  }

  @Override
  public synchronized long nanosUntilToken(long nowNanos) {
    refill(nowNanos);
    return parts >= partsPerToken ? 0 : Math.ceilDiv(partsPerToken - parts, allowance.requests());
  }

  @Override
  public synchronized Standing standing(String limit, long nowNanos) {
    refill(nowNanos);
    long untilFullNanos = Math.ceilDiv(fullParts - parts, allowance.requests());
    return new Standing(limit, allowance, parts / partsPerToken, untilFullNanos);
  }

  /** How much it lacks to be full. */
  synchronized long missingParts(long nowNanos) {
    refill(nowNanos);
    return fullParts - parts;
  }

  private void refill(long nowNanos) {
    long elapsed = nowNanos - atNanos;
    if (elapsed <= 0) {
      return;
    }
    atNanos = nowNanos;
    if (elapsed >= partsPerToken) {
      parts = fullParts;
      return;
    }
    // less than a window has passed, so this is less than a full bucket
    long gained = elapsed * allowance.requests();
    parts = gained >= fullParts - parts ? fullParts : parts + gained;
  }
}
