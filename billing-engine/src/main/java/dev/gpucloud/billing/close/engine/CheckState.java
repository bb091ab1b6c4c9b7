package dev.gpucloud.billing.close.engine;

/** How a check of the list stands. */
public enum CheckState {
  OK,
  /** Should be seen to, and keeps nobody from closing. */
  WARNING,
  /** Found something, and two persons let it pass. */
  WAIVED,
  BLOCKING
}
