package dev.gpucloud.tenant.audit;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestMulti;
import org.jspecify.annotations.Nullable;

/** Auditors read the whole log here, take it away and have it proved. */
@Path("/api/v1/admin/audit")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Audit", description = "Who did what, in one log that cannot be changed unseen.")
class AdminAuditResource {
  private static final int MOST_CHECKPOINTS = 100;
  private static final String JSON_LINES = "application/jsonl";

  private final AuditQueries queries;
  private final AuditExport export;
  private final Verification verification;
  private final Checkpoints checkpoints;
  private final Transactions transactions;

  AdminAuditResource(
      AuditQueries queries,
      AuditExport export,
      Verification verification,
      Checkpoints checkpoints,
      Transactions transactions) {
    this.queries = queries;
    this.export = export;
    this.verification = verification;
    this.checkpoints = checkpoints;
    this.transactions = transactions;
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "List audit entries", description = "Newest first; filters combine.")
  @APIResponse(responseCode = "200", description = "A page of entries.")
  public Uni<Page<AuditEntryView>> listAudit(
      @BeanParam AuditFilters filters, @BeanParam PageRequest page) {
    return queries.all(filters, page);
  }

  @GET
  @Path("/export")
  @Produces("application/*") // a stream may declare one type: the answer itself names its own
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "Export the log",
      description =
          "In order of sequences, streamed; at most as many entries as configured. With"
              + " format=jsonl the first line says behind which entry the export begins, and"
              + " entry is the text that was hashed.")
  @APIResponse(
      responseCode = "200",
      description = "One line for each entry.",
      content = {
        @Content(mediaType = JSON_LINES, schema = @Schema(implementation = String.class)),
        @Content(mediaType = "text/csv", schema = @Schema(implementation = String.class))
      })
  public RestMulti<Buffer> exportAudit(
      @QueryParam("format") @Parameter(description = "jsonl (default) or csv.")
          @Nullable String format,
      @QueryParam("from") @Parameter(description = "First sequence.", example = "1")
          @Nullable String from,
      @QueryParam("to") @Parameter(description = "Last sequence.") @Nullable String to) {
    boolean csv = "csv".equals(format);
    if (!csv && format != null && !format.equals("jsonl")) {
      throw ProblemType.INVALID_PARAMETER
          .because("An export has the format jsonl or csv.")
          .at("format", "must be jsonl or csv");
    }
    long first = sequence("from", from, 1);
    long last = sequence("to", to, Long.MAX_VALUE);
    // the read is audited in a unit of work of its own: the lines come in many
    Multi<Buffer> lines =
        transactions
            .asPlatform(s -> Uni.createFrom().voidItem())
            .onItem()
            .transformToMulti(
                audited -> csv ? export.csv(first, last) : export.jsonLines(first, last));
    return RestMulti.fromMultiData(lines)
        .header("Content-Type", csv ? "text/csv;charset=UTF-8" : JSON_LINES)
        .build();
  }

  private static long sequence(String name, @Nullable String text, long otherwise) {
    if (text == null) {
      return otherwise;
    }
    try {
      long sequence = Long.parseLong(text);
      if (sequence > 0) {
        return sequence;
      }
    } catch (NumberFormatException e) {
      // answered below
    }
    throw ProblemType.INVALID_PARAMETER
        .because(name + " is the sequence of an entry.")
        .at(name, "must be a whole number from 1");
  }

  @POST
  @Path("/verify")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "Prove the log",
      description =
          "Walks the chain from its first entry with every checkpoint, and answers what does not"
              + " hold: entries changed, removed or swapped, content missing, a tail cut.")
  @APIResponse(
      responseCode = "200",
      description = "What the walk came to.",
      content = @Content(schema = @Schema(implementation = VerificationView.class)))
  public Uni<VerificationView> verifyAudit() {
    return transactions.asPlatform(s -> Uni.createFrom().voidItem()).chain(verification::run);
  }

  @GET
  @Path("/checkpoints")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "List signed checkpoints", description = "The 100 newest, newest first.")
  @APIResponse(responseCode = "200", description = "Checkpoints.")
  public Uni<Page<Checkpoint>> listAuditCheckpoints() {
    return checkpoints.newest(MOST_CHECKPOINTS).map(newest -> new Page<>(newest, null));
  }

  @GET
  @Path("/public-keys")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "List public keys",
      description = "Every key that ever signed a checkpoint; note them where nobody reaches.")
  @APIResponse(responseCode = "200", description = "Public keys.")
  public Uni<Page<AuditKeyView>> listAuditKeys() {
    return transactions
        .systemSql(CheckpointRows::keys)
        .map(
            keys ->
                new Page<>(
                    keys.entrySet().stream()
                        .map(key -> new AuditKeyView(key.getKey(), "Ed25519", key.getValue()))
                        .toList(),
                    null));
  }
}
