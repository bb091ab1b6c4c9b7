package dev.gpucloud.billing.correction;

import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Money;
import dev.gpucloud.kit.http.ETags;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A note as finance sees it. */
@Schema(name = "InvoiceNote")
record NoteView(
    NoteId id,
    @Schema(examples = "2026-11-000001-C01") @Nullable String number,
    InvoiceId invoice,
    @Schema(examples = "2026-11-000001") String invoiceNumber,
    TenantId tenant,
    NoteKind kind,
    @Schema(description = "As on tax documents: 1, 2, 4 or 6.") int reason,
    Note.State state,
    @Nullable String percent,
    @Nullable String sku,
    String description,
    String why,
    @Nullable LocalDate periodFrom,
    @Nullable LocalDate periodTo,
    LocalDate writeDate,
    Money supplyValue,
    @Schema(description = "Final with the issue: it counts the notes issued before.") Money vat,
    Money total,
    @Schema(description = "What it changes by tax type and project; without one, of the account.")
        List<NoteLineView> lines,
    String preparedBy,
    Instant preparedAt,
    @Nullable String decidedBy,
    @Nullable Instant decidedAt,
    @Nullable String comment,
    @Schema(
            description =
                "Keys of the tax documents that came of it; none until the original was"
                    + " accepted.")
        List<String> taxDocuments,
    long version) {

  static NoteView of(Note n) {
    Note.Person decided = n.decided();
    return new NoteView(
        new NoteId(n.id()),
        n.number(),
        new InvoiceId(n.invoice()),
        n.invoiceNumber(),
        new TenantId(n.tenant()),
        n.kind(),
        n.kind().reason(),
        n.state(),
        n.percent(),
        n.sku(),
        n.description(),
        n.why(),
        n.periodFrom(),
        n.periodTo(),
        n.writeDate(),
        n.supply().toMoney(),
        n.vat().toMoney(),
        n.supply().plus(n.vat()).toMoney(),
        n.lines().stream().map(NoteLineView::of).toList(),
        n.prepared().name(),
        n.prepared().at(),
        decided == null ? null : decided.name(),
        decided == null ? null : decided.at(),
        n.comment(),
        n.taxDocuments(),
        n.version());
  }

  /** The note with its version. */
  static Response answer(Note note) {
    return Response.ok(of(note)).header(HttpHeaders.ETAG, ETags.of(note.version())).build();
  }
}
