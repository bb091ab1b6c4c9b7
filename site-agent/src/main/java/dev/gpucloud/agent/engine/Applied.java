package dev.gpucloud.agent.engine;

/** What became of an order. */
public enum Applied {
  /** It is what must be true from now on. */
  ACCEPTED,
  /** It says what the last order for the instance said; the truth is reported again. */
  REPEATED,
  /** An order with a higher sequence was applied before; ignored. */
  STALE_SEQUENCE,
  /** An order of a newer epoch was applied before; ignored. */
  STALE_EPOCH,
  /** It has the sequence of the last order but says something else; ignored. */
  CONFLICTING
}
