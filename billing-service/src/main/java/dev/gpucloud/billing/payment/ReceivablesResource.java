package dev.gpucloud.billing.payment;

import dev.gpucloud.billing.payment.PaymentRepository.Owed;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What is open, by who owes it. */
@Path("/api/v1/finance/receivables")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "payments")
class ReceivablesResource {
  private final Transactions transactions;
  private final PaymentRepository payments;
  private final InstantSource clock;

  ReceivablesResource(
      Transactions transactions, PaymentRepository payments, @Business InstantSource clock) {
    this.transactions = transactions;
    this.payments = payments;
    this.clock = clock;
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(
      summary = "What is open, by who owes it and how late it is",
      description = "Of what is recorded now; asOf only moves the day that lateness is counted to.")
  @APIResponse(
      responseCode = "200",
      description = "The ageing report.",
      content = @Content(schema = @Schema(implementation = ReceivablesView.class)))
  public Uni<ReceivablesView> receivables(
      @QueryParam("asOf") @Parameter(description = "Day in Seoul (default: today).")
          @Nullable String asOf) {
    LocalDate day = asOf == null ? today() : day(asOf);
    return transactions.asPlatform(
        s ->
            payments
                .open(s)
                .chain(
                    open ->
                        payments
                            .unapplied(s)
                            .map(
                                unapplied ->
                                    ReceivablesView.of(
                                        open.stream().map(Owed::open).toList(), day, unapplied))));
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw ProblemType.INVALID_PARAMETER
          .because("asOf is a day such as 2026-11-24.")
          .at("asOf", "must be of the form 2026-11-24");
    }
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), BillingMonth.ZONE);
  }
}
