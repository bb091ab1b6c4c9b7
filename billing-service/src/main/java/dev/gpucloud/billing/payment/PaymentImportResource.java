package dev.gpucloud.billing.payment;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Finance imports what a bank says came in. */
@Path("/api/v1/finance/imports/payments")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "payments")
class PaymentImportResource {
  private final Transactions transactions;
  private final PaymentService service;
  private final PaymentRepository payments;
  private final PaymentConfig config;
  private final InstantSource clock;

  PaymentImportResource(
      Transactions transactions,
      PaymentService service,
      PaymentRepository payments,
      PaymentConfig config,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.service = service;
    this.payments = payments;
    this.config = config;
    this.clock = clock;
  }

  /** What an import came to. */
  @Schema(name = "PaymentImport")
  record ImportView(
      @Schema(description = "Those that are receipts.") int lines,
      @Schema(description = "Beside them: payments out, whose amount is empty or 0.") int skipped,
      @Schema(description = "Recorded now.") int recorded,
      @Schema(description = "Recorded before: the same lines of an overlapping file.") int known,
      @Schema(description = "Of those recorded now, wholly given to invoices.") int matched,
      @Schema(description = "Those that a person has to decide about, at most 1000.")
          List<PaymentView> open) {}

  @POST
  @Consumes(MediaType.WILDCARD) // browsers name CSV in many ways
  @RolesAllowed("finance")
  @Operation(
      summary = "Import a bank's list of receipts (CSV)",
      description =
          "UTF-8 or EUC-KR; columns date (거래일자), amount (입금액), payer (입금자) and, if there are,"
              + " reference (적요) and transactionId (거래번호). All violations are answered at once and"
              + " nothing is recorded; lines that were imported before count once. Without a"
              + " transactionId a file has all lines of its days. Every line has as many columns as"
              + " the first; one whose amount is empty or 0 is a payment out, which is skipped.")
  @RequestBody(
      content = {
        @Content(
            mediaType = "text/csv",
            schema = @Schema(type = SchemaType.STRING, format = "binary"),
            example = "date,amount,payer,reference\n2026-11-24,2230800,SK hynix,2026-11-000001\n"),
        @Content(
            mediaType = MediaType.WILDCARD,
            schema = @Schema(type = SchemaType.STRING, format = "binary"))
      })
  @APIResponse(
      responseCode = "200",
      description = "Imported, or nothing new.",
      content = @Content(schema = @Schema(implementation = ImportView.class)))
  @APIResponse(responseCode = "400", description = "VALIDATION_FAILED with every violation.")
  public Uni<ImportView> importPayments(
      byte @Nullable [] body,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) @Parameter(hidden = true) @Nullable MediaType type) {
    if (type != null && type.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
      throw ProblemType.UNSUPPORTED_MEDIA_TYPE.because("Send the bank's file as text/csv.");
    }
    PaymentFile.Content file =
        PaymentFile.read(
            body == null ? new byte[0] : body,
            LocalDate.ofInstant(clock.instant(), BillingMonth.ZONE),
            config.mostLines());
    return transactions.asPlatform(
        s ->
            service
                .importAll(s, file.lines())
                .chain(
                    imported ->
                        views(s, imported.recorded())
                            .map(
                                views ->
                                    new ImportView(
                                        file.lines().size(),
                                        file.skipped(),
                                        views.size(),
                                        imported.known(),
                                        (int)
                                            views.stream()
                                                .filter(PaymentImportResource::done)
                                                .count(),
                                        views.stream()
                                            .filter(view -> !done(view))
                                            .limit(PageRequest.LARGEST_SIZE)
                                            .toList()))));
  }

  private static boolean done(PaymentView view) {
    return view.open().amount().equals("0");
  }

  private Uni<List<PaymentView>> views(Mutiny.Session s, List<UUID> ids) {
    List<PaymentView> views = new ArrayList<>();
    Uni<Void> done = Uni.createFrom().voidItem();
    for (UUID id : ids) {
      done =
          done.chain(() -> service.load(s, id))
              .chain(
                  payment ->
                      payments.ofPayment(s, payment.id()).map(all -> PaymentView.of(payment, all)))
              .invoke(views::add)
              .replaceWithVoid();
    }
    return done.replaceWith(views);
  }
}
