package dev.gpucloud.billing.document.tax;

/** What a provider answered. */
public sealed interface Transmission {
  /** It has the document; whether it is accepted comes later. */
  record Sent(String reference) implements Transmission {}

  /** The tax office accepted it under a number of 24 digits. */
  record Accepted(String approvalNumber) implements Transmission {
    public Accepted {
      if (!isApprovalNumber(approvalNumber)) {
        throw new IllegalArgumentException("an approval number has 24 digits");
      }
    }
  }

  /** It was refused; a document under another key may follow. */
  record Rejected(String reason) implements Transmission {}

  static boolean isApprovalNumber(String text) {
    return text.matches("[0-9]{24}");
  }
}
