package dev.gpucloud.billing.payment.engine;

import java.time.LocalDate;

/** How an issued invoice stands with its payment. */
public enum PaymentState {
  UNPAID,
  PARTIALLY_PAID,
  PAID,
  /** Something is open after the last day to pay. */
  OVERDUE;

  /**
   * The state on a day in Seoul.
   *
   * @param totalKrw of the invoice; 0 and less owe nothing
   */
  public static PaymentState of(long totalKrw, long paidKrw, LocalDate dueOn, LocalDate today) {
    if (paidKrw >= totalKrw) {
      return PAID;
    }
    if (today.isAfter(dueOn)) {
      return OVERDUE;
    }
    return paidKrw > 0 ? PARTIALLY_PAID : UNPAID;
  }
}
