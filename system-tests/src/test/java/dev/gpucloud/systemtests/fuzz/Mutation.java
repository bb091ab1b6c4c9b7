package dev.gpucloud.systemtests.fuzz;

/** One way in which a request may be wrong. */
interface Mutation {
  /** Whether there is something in the request that it can change. */
  boolean fits(Draft draft);

  /** Changes the request; only where it fits. */
  void apply(Draft draft, Dice dice);

  String name();
}
