package dev.gpucloud.gateway.limits.engine;

/** Gives out the tokens of an allowance. For any number of threads; times are of one clock. */
public sealed interface Bucket permits TokenBucket, SharedBucket {

  /** Takes a token if there is one. */
  boolean tryTake(long nowNanos);

  /** Puts a token back that was taken for nothing. */
  void giveBack();

  /** Whether a token could be taken. */
  boolean hasToken(long nowNanos);

  /** Nanoseconds until there is a token, 0 when there is one. */
  long nanosUntilToken(long nowNanos);

  /** How it stands now, under the name of its limit. */
  Standing standing(String limit, long nowNanos);
}
