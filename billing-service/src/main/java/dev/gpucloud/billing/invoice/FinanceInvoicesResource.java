package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.invoice.InvoiceService.Move;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.References;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Invoices as finance works on them: draft, review, approval by a second person, issue. */
@Path("/api/v1/finance/invoices")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class FinanceInvoicesResource {
  private final Transactions transactions;
  private final InvoiceService service;
  private final InvoiceRepository invoices;
  private final AccountRepository accounts;
  private final References references;

  FinanceInvoicesResource(
      Transactions transactions,
      InvoiceService service,
      InvoiceRepository invoices,
      AccountRepository accounts,
      References references) {
    this.transactions = transactions;
    this.service = service;
    this.invoices = invoices;
    this.accounts = accounts;
    this.references = references;
  }

  /** A remark that goes into the invoice's history. */
  record MoveRequest(@Size(max = 2000) @Nullable String comment) {}

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(
      summary = "Make the draft invoice of a tenant's ended Seoul month",
      description =
          "409 MONTH_NOT_READY lists every blocker; 409 ALREADY_EXISTS names the invoice there is.")
  public Uni<Response> create(
      @NotNull(message = "is missing") @Valid CreateInvoiceRequest body,
      @HeaderParam(Idempotency.HEADER) @Nullable String key) {
    return service.create(body, key);
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List invoices of all tenants, newest first, without their lines")
  public Uni<Page<InvoiceView>> list(
      @QueryParam("tenant") @Nullable String tenant,
      @QueryParam("month") @Nullable String month,
      @QueryParam("state") @Nullable String state,
      @BeanParam PageRequest page) {
    String inMonth = InvoiceParameters.monthOrNull(month);
    String inState = InvoiceParameters.stateOrNull(state);
    UUID after = InvoiceParameters.afterOrNull(page.after().get("id"));
    return transactions
        .asPlatform(
            s ->
                accountOf(s, tenant)
                    .chain(
                        account ->
                            tenant != null && account.isEmpty()
                                ? Uni.createFrom().item(List.<InvoiceEntity>of())
                                : invoices.list(
                                    s,
                                    new InvoiceRepository.Filter(
                                        account.orElse(null), null, inMonth, inState),
                                    after,
                                    page.limit())))
        .map(found -> page.page(found, InvoiceView::head, e -> Map.of("id", e.id.toString())));
  }

  private Uni<Optional<UUID>> accountOf(Mutiny.Session s, @Nullable String tenant) {
    if (tenant == null) {
      return Uni.createFrom().item(Optional.empty());
    }
    return references
        .findTenant(s, tenant)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        ProblemType.INVALID_PARAMETER
                            .because("There is no tenant " + tenant + ".")
                            .at("tenant", "names no tenant")))
        .chain(ref -> accounts.findByTenant(s, ref.id()))
        .map(account -> account.map(a -> a.id()));
  }

  @GET
  @Path("/{invoice}")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Show an invoice with its lines, their breakdown and its history")
  public Uni<Response> show(@PathParam("invoice") String invoice) {
    return transactions.asPlatform(
        s ->
            (InvoiceParameters.isNumber(invoice)
                    ? invoices.findByNumber(s, invoice)
                    : invoices.find(s, InvoiceParameters.id(invoice).value()))
                .map(found -> found.orElseThrow(InvoiceService::notFound))
                .chain(e -> service.answer(s, e)));
  }

  @POST
  @Path("/{invoice}/rerate")
  @RolesAllowed("finance")
  @Operation(summary = "Rate a draft anew from the events and prices known now")
  public Uni<Response> rerate(
      @PathParam("invoice") String invoice,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return service.rerate(new Move(InvoiceParameters.id(invoice), ifMatch, null, null));
  }

  @POST
  @Path("/{invoice}/submit")
  @RolesAllowed("finance")
  @Operation(summary = "Hand a draft over for review")
  public Uni<Response> submit(
      @PathParam("invoice") String invoice,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @Valid @Nullable MoveRequest body) {
    return service.submit(move(invoice, ifMatch, key, body));
  }

  @POST
  @Path("/{invoice}/approve")
  @RolesAllowed("finance-approver")
  @Operation(
      summary = "Approve an invoice in review",
      description = "409 FOUR_EYES for whoever prepared or submitted it, whatever their roles.")
  public Uni<Response> approve(
      @PathParam("invoice") String invoice,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @Valid @Nullable MoveRequest body) {
    return service.approve(move(invoice, ifMatch, key, body));
  }

  @POST
  @Path("/{invoice}/return")
  @RolesAllowed({"finance", "finance-approver"})
  @Operation(summary = "Send an invoice back to draft")
  public Uni<Response> sendBack(
      @PathParam("invoice") String invoice,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @Valid @Nullable MoveRequest body) {
    return service.sendBack(move(invoice, ifMatch, key, body));
  }

  @POST
  @Path("/{invoice}/issue")
  @RolesAllowed({"finance", "finance-approver"})
  @Operation(summary = "Issue an approved invoice: number and postings, for good")
  public Uni<Response> issue(
      @PathParam("invoice") String invoice,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @Valid @Nullable MoveRequest body) {
    return service.issue(move(invoice, ifMatch, key, body));
  }

  private static Move move(
      String invoice, @Nullable String ifMatch, @Nullable String key, @Nullable MoveRequest body) {
    return new Move(
        InvoiceParameters.id(invoice), ifMatch, key, body == null ? null : body.comment());
  }
}
