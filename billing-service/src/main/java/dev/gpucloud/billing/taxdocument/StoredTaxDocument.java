package dev.gpucloud.billing.taxdocument;

import dev.gpucloud.billing.document.tax.TaxInvoice;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A tax document with what became of it; {@code ordinal} is 0 for an invoice's original. */
record StoredTaxDocument(
    UUID tenant,
    UUID invoice,
    int ordinal,
    String kind,
    @Nullable Integer reason,
    LocalDate issuedOn,
    TaxInvoice content,
    TaxDocumentState state,
    @Nullable String reference,
    @Nullable String approvalNumber,
    @Nullable String rejection,
    @Nullable Instant transmittedAt,
    @Nullable Instant answeredAt) {

  static final String ORIGINAL = "ORIGINAL";

  String key() {
    return content.key();
  }

  /** A document that was just made. */
  static StoredTaxDocument made(
      UUID tenant, UUID invoice, int ordinal, LocalDate issuedOn, TaxInvoice content) {
    var amendment = content.amendment();
    return new StoredTaxDocument(
        tenant,
        invoice,
        ordinal,
        kindOf(content),
        amendment == null ? null : amendment.reason().code(),
        issuedOn,
        content,
        TaxDocumentState.ISSUED,
        null,
        null,
        null,
        null,
        null);
  }

  private static String kindOf(TaxInvoice content) {
    if (content.amendment() == null) {
      return ORIGINAL;
    }
    return switch (content.key().charAt(content.key().lastIndexOf('-') + 1)) {
      case 'M' -> "REVERSAL";
      case 'P' -> "REPLACEMENT";
      default -> "DIFFERENCE";
    };
  }
}
