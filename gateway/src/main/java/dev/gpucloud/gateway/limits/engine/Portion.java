package dev.gpucloud.gateway.limits.engine;

/**
 * What a replica may give of a bucket before it has told the others: all of it where it is alone,
 * else a quarter of the bucket between them, in whole tokens, at least one each. And how much of
 * the common level it leaves untouched, for the others may have given their portions already.
 */
record Portion(long ownParts, long othersParts) {
  private static final int PART_OF_ALL = 4;

  static Portion of(Allowance allowance, int replicas) {
    long parts = replicas == 1 ? 1 : (long) PART_OF_ALL * replicas;
    long tokens = Math.max(1, allowance.requests() / parts);
    long others = Math.min((replicas - 1) * tokens, allowance.requests() - 1);
    return new Portion(tokens * allowance.windowNanos(), others * allowance.windowNanos());
  }

  /** How much may be owed to a common level of so much. */
  long mostOwedParts(long levelParts) {
    return Math.min(ownParts, levelParts - othersParts);
  }
}
