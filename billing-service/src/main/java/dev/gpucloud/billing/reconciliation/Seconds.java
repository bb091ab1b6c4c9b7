package dev.gpucloud.billing.reconciliation;

import java.math.BigDecimal;

/** Milliseconds as they are shown: seconds without trailing zeros. */
final class Seconds {
  private Seconds() {}

  static String of(long millis) {
    BigDecimal seconds = BigDecimal.valueOf(millis, 3).stripTrailingZeros();
    return seconds.signum() == 0 ? "0" : seconds.toPlainString();
  }
}
