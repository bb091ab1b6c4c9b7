package dev.gpucloud.billing.correction;

import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Notes of all invoices, and what a second person decides on them. */
@Path("/api/v1/finance/notes")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class NotesResource {
  private static final int LONGEST_COMMENT = 1000;

  private final NoteService service;
  private final NoteDecisions decisions;
  private final NoteRepository notes;
  private final Transactions transactions;

  NotesResource(
      NoteService service,
      NoteDecisions decisions,
      NoteRepository notes,
      Transactions transactions) {
    this.service = service;
    this.decisions = decisions;
    this.notes = notes;
    this.transactions = transactions;
  }

  /** A remark that is kept with the decision. */
  @Schema(
      name = "NoteDecisionRequest",
      examples =
          """
          {"comment": "As agreed with the customer."}""")
  record DecisionRequest(@Nullable String comment) {}

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List notes against invoices, newest first")
  public Uni<Page<NoteView>> listNotes(
      @QueryParam("state") @Nullable String state, @BeanParam PageRequest page) {
    Note.State only = state(state);
    UUID after = after(page.after().get("id"));
    return transactions
        .asPlatform(s -> notes.list(s, only, after, page.limit()))
        .map(all -> page.page(all, NoteView::of, n -> Map.of("id", n.id().toString())));
  }

  private static Note.@Nullable State state(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return Arrays.stream(Note.State.values())
        .filter(s -> s.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                ProblemType.INVALID_PARAMETER
                    .because("There is no such state.")
                    .at("state", "must be one of " + Arrays.toString(Note.State.values())));
  }

  private static @Nullable UUID after(@Nullable String id) {
    try {
      return id == null ? null : UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PAGE_TOKEN
          .because("The page token is not one this list gave out.")
          .at("pageToken", "pass nextPageToken of the page before, unchanged");
    }
  }

  @GET
  @Path("/{note}")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Show a note")
  @APIResponse(
      responseCode = "200",
      description = "The note; ETag is its version.",
      content = @Content(schema = @Schema(implementation = NoteView.class)))
  public Uni<Response> note(@PathParam("note") String note) {
    return service.show(id(note));
  }

  @POST
  @Path("/{note}/approve")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance-approver")
  @Operation(
      summary = "Issue a note: number, postings and, where the original was accepted, tax document",
      description = "409 FOUR_EYES for whoever prepared it, whatever their roles.")
  @APIResponse(
      responseCode = "200",
      description = "Issued, for good.",
      content = @Content(schema = @Schema(implementation = NoteView.class)))
  @APIResponse(
      responseCode = "409",
      description = "FOUR_EYES; STATE_CONFLICT: it is final, or more than is left is taken back.")
  public Uni<Response> approveNote(
      @PathParam("note") String note,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @Nullable DecisionRequest body) {
    return decisions.approve(move(note, ifMatch, key, body));
  }

  @POST
  @Path("/{note}/withdraw")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({"finance", "finance-approver"})
  @Operation(summary = "Withdraw a note that waits for approval")
  @APIResponse(
      responseCode = "200",
      description = "Nothing comes of it.",
      content = @Content(schema = @Schema(implementation = NoteView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is final.")
  public Uni<Response> withdrawNote(
      @PathParam("note") String note,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @Nullable DecisionRequest body) {
    return decisions.withdraw(move(note, ifMatch, key, body));
  }

  private static NoteDecisions.Move move(
      String note, @Nullable String ifMatch, @Nullable String key, @Nullable DecisionRequest body) {
    String comment = body == null ? null : body.comment();
    if (comment != null && comment.length() > LONGEST_COMMENT) {
      throw ProblemType.VALIDATION_FAILED
          .because("1 value is invalid.")
          .at("/comment", "must have at most " + LONGEST_COMMENT + " characters");
    }
    return new NoteDecisions.Move(id(note), ifMatch, key, comment);
  }

  private static NoteId id(String text) {
    try {
      return NoteId.parse(text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.NOT_FOUND.because("There is no such note.");
    }
  }
}
