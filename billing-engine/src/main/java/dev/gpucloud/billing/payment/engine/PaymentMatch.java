package dev.gpucloud.billing.payment.engine;

import java.util.List;
import java.util.UUID;

/** What a receipt is for. */
public sealed interface PaymentMatch {

  /** A part of the receipt for one invoice; above 0. */
  record Part(UUID invoice, long amountKrw) {}

  /**
   * @param parts at least one, oldest due date first
   * @param restKrw what no invoice takes: paid too much
   * @param by why it is so
   */
  record Matched(List<Part> parts, long restKrw, Rule by) implements PaymentMatch {}

  /** A person decides. */
  record Open(Reason why) implements PaymentMatch {}

  /** What a match rests on, the strongest first. */
  enum Rule {
    /** The reference names the invoices by number. */
    INVOICE_NUMBER,
    /** The payer is known and owes exactly this for one invoice. */
    EXACT_INVOICE,
    /** The payer is known and owes exactly this in all. */
    EXACT_TOTAL
  }

  /** Why nothing was matched. */
  enum Reason {
    /** The reference names an invoice number that is not open, and nobody says for what else. */
    INVOICE_NOT_OPEN,
    /** Nobody who owes has this business number or name. */
    UNKNOWN_PAYER,
    /** Several who owe have this name. */
    SEVERAL_PAYERS,
    /** The payer owes, but neither for one invoice nor in all this sum. */
    OTHER_AMOUNT,
    /** Several invoices of the payer have this sum. */
    SEVERAL_INVOICES
  }
}
