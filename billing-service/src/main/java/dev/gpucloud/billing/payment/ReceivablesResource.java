package dev.gpucloud.billing.payment;

import dev.gpucloud.billing.payment.PaymentRepository.Owed;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What is open, for finance as a whole and for a customer by invoice. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "payments")
class ReceivablesResource {
  private final Transactions transactions;
  private final PaymentRepository payments;
  private final Caller caller;
  private final InstantSource clock;

  ReceivablesResource(
      Transactions transactions,
      PaymentRepository payments,
      Caller caller,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.payments = payments;
    this.caller = caller;
    this.clock = clock;
  }

  @GET
  @Path("/finance/receivables")
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

  @GET
  @Path("/finance/invoices/{invoice}/payments")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "What was paid of an issued invoice, by id or number")
  @APIResponse(
      responseCode = "200",
      description = "Its payment state.",
      content = @Content(schema = @Schema(implementation = InvoicePaymentsView.class)))
  public Uni<InvoicePaymentsView> paymentsOfInvoice(@PathParam("invoice") String invoice) {
    return transactions.asPlatform(s -> view(s, invoice));
  }

  @GET
  @Path("/tenants/{tenant}/invoices/{invoice}/payments")
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(summary = "What was paid of an invoice, and until when the rest is to be paid")
  @APIResponse(
      responseCode = "200",
      description = "Its payment state.",
      content = @Content(schema = @Schema(implementation = InvoicePaymentsView.class)))
  public Uni<InvoicePaymentsView> paymentsOfOwnInvoice(
      @PathParam("tenant") String tenant, @PathParam("invoice") String invoice) {
    return transactions.asTenant(caller.scope().tenantId(), s -> view(s, invoice));
  }

  private Uni<InvoicePaymentsView> view(Mutiny.Session s, String invoice) {
    return owed(s, invoice)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        ProblemType.NOT_FOUND.because(
                            "There is no such issued invoice that somebody owes.")))
        .chain(
            owed ->
                payments
                    .ofInvoice(s, owed.open().id())
                    .chain(
                        allocations ->
                            payments
                                .dunning(s, owed.open().id())
                                .map(
                                    dunning ->
                                        InvoicePaymentsView.of(
                                            owed, today(), allocations, dunning))));
  }

  private Uni<Optional<Owed>> owed(Mutiny.Session s, String invoice) {
    if (!invoice.startsWith("inv_")) {
      return payments.owed(s, invoice);
    }
    UUID id;
    try {
      id = InvoiceId.parse(invoice).value();
    } catch (IllegalArgumentException e) {
      return Uni.createFrom().item(Optional.empty());
    }
    return payments.owed(s, id);
  }
}
