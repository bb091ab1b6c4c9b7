package dev.gpucloud.billing.invoice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Invoices as finance works on them: draft, review, approval by a second person, issue. */
@Path("/api/v1/finance/invoices")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class FinanceInvoicesResource {
  private static final int LONGEST_COMMENT = 2000;

  private final Transactions transactions;
  private final InvoiceService service;
  private final InvoiceViews views;
  private final InvoiceRepository invoices;
  private final AccountRepository accounts;
  private final References references;
  private final ObjectMapper json;

  FinanceInvoicesResource(
      Transactions transactions,
      InvoiceService service,
      InvoiceViews views,
      InvoiceRepository invoices,
      AccountRepository accounts,
      References references,
      ObjectMapper json) {
    this.json = json;
    this.transactions = transactions;
    this.service = service;
    this.views = views;
    this.invoices = invoices;
    this.accounts = accounts;
    this.references = references;
  }

  /** A remark that goes into the invoice's history. */
  @Schema(
      name = "InvoiceMoveRequest",
      examples =
          """
          {"comment": "Checked against the contract."}""")
  record MoveRequest(@Nullable String comment) {}

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(
      summary = "Make the draft invoice of a tenant's ended Seoul month",
      description =
          "409 MONTH_NOT_READY lists every blocker; 409 ALREADY_EXISTS names the invoice there is.")
  @APIResponse(
      responseCode = "201",
      description = "Drafted; Location is its address, ETag its version.",
      content = @Content(schema = @Schema(implementation = InvoiceView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "MONTH_NOT_READY with every blocker in params.blockers, or ALREADY_EXISTS with the"
              + " invoice in params.invoice.")
  @APIResponse(responseCode = "422", description = "UNKNOWN_REFERENCE: there is no such tenant.")
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
  @APIResponse(
      responseCode = "200",
      description = "The invoice.",
      content = @Content(schema = @Schema(implementation = InvoiceView.class)))
  public Uni<Response> show(@PathParam("invoice") String invoice) {
    return transactions.asPlatform(
        s ->
            (InvoiceParameters.isNumber(invoice)
                    ? invoices.findByNumber(s, invoice)
                    : invoices.find(s, InvoiceParameters.id(invoice).value()))
                .map(found -> found.orElseThrow(InvoiceService::notFound))
                .chain(e -> views.answer(s, e)));
  }

  @POST
  @Path("/{invoice}/rerate")
  @RolesAllowed("finance")
  @Operation(summary = "Rate a draft anew from the events and prices known now")
  @APIResponse(
      responseCode = "200",
      description = "Moved; ETag is its new version.",
      content = @Content(schema = @Schema(implementation = InvoiceView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "STATE_CONFLICT: its state does not allow this, or its usage changed; FOUR_EYES at"
              + " approval.")
  public Uni<Response> rerate(
      @PathParam("invoice") String invoice,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return service.rerate(new Move(InvoiceParameters.id(invoice), ifMatch, null, null));
  }

  @POST
  @Path("/{invoice}/submit")
  @Consumes(MediaType.WILDCARD)
  @RolesAllowed("finance")
  @Operation(summary = "Hand a draft over for review")
  @APIResponse(
      responseCode = "200",
      description = "Moved; ETag is its new version.",
      content = @Content(schema = @Schema(implementation = InvoiceView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "STATE_CONFLICT: its state does not allow this, or its usage changed; FOUR_EYES at"
              + " approval.")
  public Uni<Response> submit(
      @PathParam("invoice") String invoice,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @RequestBody(
              required = false,
              content = @Content(schema = @Schema(implementation = MoveRequest.class)))
          @Nullable String body) {
    return service.submit(move(invoice, ifMatch, key, body));
  }

  @POST
  @Path("/{invoice}/approve")
  @Consumes(MediaType.WILDCARD)
  @RolesAllowed("finance-approver")
  @Operation(
      summary = "Approve an invoice in review",
      description = "409 FOUR_EYES for whoever prepared or submitted it, whatever their roles.")
  @APIResponse(
      responseCode = "200",
      description = "Moved; ETag is its new version.",
      content = @Content(schema = @Schema(implementation = InvoiceView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "STATE_CONFLICT: its state does not allow this, or its usage changed; FOUR_EYES at"
              + " approval.")
  public Uni<Response> approve(
      @PathParam("invoice") String invoice,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @RequestBody(
              required = false,
              content = @Content(schema = @Schema(implementation = MoveRequest.class)))
          @Nullable String body) {
    return service.approve(move(invoice, ifMatch, key, body));
  }

  @POST
  @Path("/{invoice}/return")
  @Consumes(MediaType.WILDCARD)
  @RolesAllowed({"finance", "finance-approver"})
  @Operation(summary = "Send an invoice back to draft")
  @APIResponse(
      responseCode = "200",
      description = "Moved; ETag is its new version.",
      content = @Content(schema = @Schema(implementation = InvoiceView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "STATE_CONFLICT: its state does not allow this, or its usage changed; FOUR_EYES at"
              + " approval.")
  public Uni<Response> sendBack(
      @PathParam("invoice") String invoice,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @RequestBody(
              required = false,
              content = @Content(schema = @Schema(implementation = MoveRequest.class)))
          @Nullable String body) {
    return service.sendBack(move(invoice, ifMatch, key, body));
  }

  @POST
  @Path("/{invoice}/issue")
  @Consumes(MediaType.WILDCARD)
  @RolesAllowed({"finance", "finance-approver"})
  @Operation(summary = "Issue an approved invoice: number and postings, for good")
  @APIResponse(
      responseCode = "200",
      description = "Moved; ETag is its new version.",
      content = @Content(schema = @Schema(implementation = InvoiceView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "STATE_CONFLICT: its state does not allow this, or its usage changed; FOUR_EYES at"
              + " approval.")
  public Uni<Response> issue(
      @PathParam("invoice") String invoice,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @RequestBody(
              required = false,
              content = @Content(schema = @Schema(implementation = MoveRequest.class)))
          @Nullable String body) {
    return service.issue(move(invoice, ifMatch, key, body));
  }

  private Move move(
      String invoice, @Nullable String ifMatch, @Nullable String key, @Nullable String body) {
    return new Move(InvoiceParameters.id(invoice), ifMatch, key, comment(body));
  }

  /** A body is optional, and so is its content type: it is read here and not by the framework. */
  private @Nullable String comment(@Nullable String body) {
    if (body == null || body.isBlank()) {
      return null;
    }
    try {
      MoveRequest request = json.readValue(body, MoveRequest.class);
      String comment = request == null ? null : request.comment(); // JSON's null is no body either
      if (comment != null && comment.length() > LONGEST_COMMENT) {
        throw ProblemType.VALIDATION_FAILED
            .because("1 value is invalid.")
            .at("/comment", "must have at most " + LONGEST_COMMENT + " characters");
      }
      return comment;
    } catch (JsonProcessingException e) {
      throw new WebApplicationException(e, Response.Status.BAD_REQUEST);
    }
  }
}
