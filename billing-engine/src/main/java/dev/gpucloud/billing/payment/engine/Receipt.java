package dev.gpucloud.billing.payment.engine;

import java.time.LocalDate;

/**
 * Money that came in.
 *
 * @param receivedOn the bank's date, in Seoul
 * @param amountKrw above 0
 * @param payer who paid, as the bank wrote it
 * @param reference what the payer wrote; may be empty
 */
public record Receipt(LocalDate receivedOn, long amountKrw, String payer, String reference) {
  public Receipt {
    if (amountKrw <= 0) {
      throw new IllegalArgumentException("a receipt of " + amountKrw + " won");
    }
  }
}
