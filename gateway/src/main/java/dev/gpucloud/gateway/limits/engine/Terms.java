package dev.gpucloud.gateway.limits.engine;

/**
 * What a replica knows of sharing: how many live by the store, or, while the store is away, of how
 * many each gives its static share.
 */
public sealed interface Terms {

  /** The store was heard lately and counts so many replicas. */
  record Together(int replicas) implements Terms {}

  /** The store is away: each gives what is its own if there are so many. */
  record Alone(int replicas) implements Terms {}
}
