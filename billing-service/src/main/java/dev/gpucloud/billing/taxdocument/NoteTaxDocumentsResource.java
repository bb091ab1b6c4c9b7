package dev.gpucloud.billing.taxdocument;

import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.idempotency.Idempotency;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Amends the tax document for a note that was issued before the original was accepted. */
@Path("/api/v1/finance/notes/{note}/tax-documents")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class NoteTaxDocumentsResource {
  private final TaxAmendments amendments;
  private final TaxDocumentRepository documents;
  private final Idempotency idempotency;
  private final Caller caller;

  NoteTaxDocumentsResource(
      TaxAmendments amendments,
      TaxDocumentRepository documents,
      Idempotency idempotency,
      Caller caller) {
    this.amendments = amendments;
    this.documents = documents;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  /** Keys of what was made, in the order of transmission. */
  @Schema(name = "NoteTaxDocuments")
  record Made(List<String> keys) {}

  @POST
  @RolesAllowed("finance")
  @Operation(
      summary = "Amend the tax document by an issued note",
      description =
          "Done with the issue of the note where the original was accepted by then; this is for"
              + " notes issued before.")
  @APIResponse(
      responseCode = "201",
      description = "Made.",
      content = @Content(schema = @Schema(implementation = Made.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "STATE_CONFLICT: the note is not issued, has its documents, or the original is not"
              + " accepted.")
  public Uni<Response> createNoteTaxDocuments(
      @PathParam("note") String note, @HeaderParam(Idempotency.HEADER) @Nullable String key) {
    UUID id = id(note);
    String by = caller.subject();
    return idempotency.platform(
        key,
        note,
        s ->
            documents
                .isNote(s, id)
                .invoke(
                    known -> {
                      if (!known) {
                        throw ProblemType.NOT_FOUND.because("There is no such note.");
                      }
                    })
                .chain(() -> made(s, id, by)));
  }

  private Uni<Response> made(Mutiny.Session s, UUID note, String by) {
    return amendments
        .amend(s, note, by)
        .map(
            keys -> {
              if (keys.isEmpty()) {
                throw ProblemType.STATE_CONFLICT.because(
                    "The note is not issued, has its documents already, changes no amount of them, or"
                        + " the tax office has not accepted what is to be amended.");
              }
              return Response.status(Response.Status.CREATED).entity(new Made(keys)).build();
            });
  }

  private static UUID id(String text) {
    try {
      return NoteId.parse(text).value();
    } catch (IllegalArgumentException e) {
      throw ProblemType.NOT_FOUND.because("There is no such note.");
    }
  }
}
