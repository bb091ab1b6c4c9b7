package dev.gpucloud.inventory.placement;

/** What a batch has come to. */
enum BatchPoint {
  /** Decided in memory; no statement is sent. */
  DECIDED,
  /** Committed; nobody has been answered. */
  COMMITTED,
  /** Committed, and everybody has been answered. */
  ANSWERED
}
