package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.correction.engine.LatePolicy;

/** What holds for an account's late usage; version 0 is the usual, that nobody set. */
record LatePolicyVersion(int version, LatePolicy policy) {
  static final LatePolicyVersion USUAL = new LatePolicyVersion(0, LatePolicy.USUAL);
}
