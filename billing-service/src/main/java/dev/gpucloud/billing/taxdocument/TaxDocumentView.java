package dev.gpucloud.billing.taxdocument;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.billing.document.tax.Deadlines;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.money.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A tax document as finance sees it, with the deadline that is next. */
@Schema(name = "TaxDocument")
record TaxDocumentView(
    String key,
    InvoiceId invoice,
    String kind,
    @Nullable Integer reason,
    @Schema(description = "EXEMPT: a 계산서, else a 세금계산서.") TaxType taxType,
    LocalDate writeDate,
    LocalDate issuedOn,
    Money supplyValue,
    Money vat,
    Money total,
    String state,
    @Nullable String reference,
    @Nullable String approvalNumber,
    @Nullable String rejection,
    LocalDate transmitBy,
    List<WarningView> warnings,
    @Nullable Instant transmittedAt,
    @Nullable Instant answeredAt) {

  /** A deadline that is near or missed. */
  @Schema(name = "TaxDocumentWarning")
  record WarningView(Deadlines.Warning.Code code, LocalDate deadline) {
    static List<WarningView> of(List<Deadlines.Warning> warnings) {
      return warnings.stream().map(w -> new WarningView(w.code(), w.deadline())).toList();
    }
  }

  /** An invoice's documents, and by when the original must be there; never if it has none. */
  @Schema(name = "TaxDocuments")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record All(
      List<TaxDocumentView> items, @Nullable LocalDate issueBy, List<WarningView> warnings) {}

  static TaxDocumentView of(StoredTaxDocument d, LocalDate today, int warnDays) {
    Deadlines deadlines = Deadlines.of(d.content().writeDate(), d.issuedOn());
    boolean isOut =
        d.state() == TaxDocumentState.TRANSMITTED || d.state() == TaxDocumentState.ACCEPTED;
    return new TaxDocumentView(
        d.key(),
        new InvoiceId(d.invoice()),
        d.kind(),
        d.reason(),
        d.content().taxType(),
        d.content().writeDate(),
        d.issuedOn(),
        d.content().supplyValue().toMoney(),
        d.content().vat().toMoney(),
        d.content().total().toMoney(),
        d.state().name(),
        d.reference(),
        d.approvalNumber(),
        d.rejection(),
        deadlines.transmitBy(),
        WarningView.of(deadlines.warnings(today, warnDays, d.issuedOn(), isOut)),
        d.transmittedAt(),
        d.answeredAt());
  }
}
