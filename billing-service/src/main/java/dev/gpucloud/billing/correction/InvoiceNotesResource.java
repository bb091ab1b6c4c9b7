package dev.gpucloud.billing.correction;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The notes against one issued invoice. */
@Path("/api/v1/finance/invoices/{invoice}/notes")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class InvoiceNotesResource {
  private final NoteService service;
  private final Transactions transactions;

  InvoiceNotesResource(NoteService service, Transactions transactions) {
    this.service = service;
    this.transactions = transactions;
  }

  /** All notes of an invoice. */
  @Schema(name = "InvoiceNotes")
  record All(List<NoteView> items) {}

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List the notes against an invoice, oldest first")
  public Uni<All> listInvoiceNotes(@PathParam("invoice") String invoice) {
    return transactions
        .asPlatform(s -> service.ofInvoice(s, invoice))
        .map(all -> new All(all.stream().map(NoteView::of).toList()));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(
      summary = "Prepare a note against an issued invoice",
      description =
          "LATE_USAGE amends the month by what arrived late (reason 1), SLA credits a percentage or"
              + " an amount (2), SUPPLY_CHANGE is any other difference (2), RESCINDED (4) and"
              + " DOUBLE_ISSUE (6) take all of it back. A second person approves it.")
  @APIResponse(
      responseCode = "201",
      description = "Prepared; Location is its address, ETag its version.",
      content = @Content(schema = @Schema(implementation = NoteView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "STATE_CONFLICT: the invoice is not issued, nobody owes it, all of it was taken back, or"
              + " nothing arrived late that is not settled.")
  public Uni<Response> createInvoiceNote(
      @PathParam("invoice") String invoice,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @Nullable CreateNoteRequest body) {
    if (body == null) {
      throw ProblemType.MALFORMED_BODY.because("The body is empty.").at("", "is required");
    }
    return service.create(invoice, body, key);
  }
}
