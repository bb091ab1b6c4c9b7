package dev.gpucloud.billing.agreement;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.http.ETags;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Finance keeps here what is agreed with an account, and the money it paid before. */
@Path("/api/v1/finance/accounts/{account}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class AgreementsResource {
  private final AgreementService service;
  private final AgreementRepository agreements;
  private final Idempotency idempotency;
  private final Transactions transactions;

  AgreementsResource(
      AgreementService service,
      AgreementRepository agreements,
      Idempotency idempotency,
      Transactions transactions) {
    this.service = service;
    this.agreements = agreements;
    this.idempotency = idempotency;
    this.transactions = transactions;
  }

  private static ProblemException missingBody() {
    return ProblemType.MALFORMED_BODY.because("The body is empty.").at("", "is required");
  }

  private static Response tagged(Response.Status status, Agreement a) {
    return Response.status(status)
        .header(HttpHeaders.ETAG, ETags.of(a.version()))
        .entity(AgreementView.of(a))
        .build();
  }

  @POST
  @Path("/agreements")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(
      summary = "Agree to a contract price, a commitment or a monthly fee",
      description =
          "All violations are answered at once. A month that has an invoice is not changed: charge"
              + " the difference by a correction.")
  @APIResponse(
      responseCode = "201",
      description = "Agreed; ETag is its version.",
      content = @Content(schema = @Schema(implementation = AgreementView.class)))
  @APIResponse(responseCode = "409", description = "ALREADY_EXISTS: the reference is in use.")
  public Uni<Response> agree(
      @PathParam("account") String account,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @Nullable CreateAgreementRequest body) {
    if (body == null) {
      throw missingBody();
    }
    return idempotency.platform(
        key,
        body,
        s -> service.agree(s, account, body).map(a -> tagged(Response.Status.CREATED, a)));
  }

  @GET
  @Path("/agreements")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List what is agreed with an account, by reference")
  public Uni<Page<AgreementView>> list(
      @PathParam("account") String account, @BeanParam PageRequest page) {
    String after = page.after().getOrDefault("reference", "");
    return transactions
        .asPlatform(
            s ->
                service
                    .account(s, account)
                    .chain(found -> agreements.inForce(s, List.of(found.id()))))
        .map(
            all ->
                page.page(
                    all.stream()
                        .filter(a -> a.reference().compareTo(after) > 0)
                        .limit(page.limit())
                        .toList(),
                    AgreementView::of,
                    a -> Map.of("reference", a.reference())));
  }

  @POST
  @Path("/agreements/{reference}/end")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(summary = "End an agreement earlier than agreed", description = "If-Match is needed.")
  @APIResponse(
      responseCode = "200",
      description = "The agreement's new version.",
      content = @Content(schema = @Schema(implementation = AgreementView.class)))
  public Uni<Response> end(
      @PathParam("account") String account,
      @PathParam("reference") String reference,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      AgreementService.@Nullable End body) {
    if (body == null) {
      throw missingBody();
    }
    return transactions.asPlatform(
        s ->
            service
                .end(s, account, reference, body, ifMatch)
                .map(a -> tagged(Response.Status.OK, a)));
  }

  @POST
  @Path("/prepaid")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(
      summary = "Book money that an account pays before",
      description = "It pays the account's next invoices, and is posted as a liability.")
  @APIResponse(
      responseCode = "201",
      description = "Booked.",
      content = @Content(schema = @Schema(implementation = PrepaidView.class)))
  public Uni<Response> topUp(
      @PathParam("account") String account,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      AgreementService.@Nullable TopUp body) {
    if (body == null) {
      throw missingBody();
    }
    return idempotency.platform(
        key,
        body,
        s ->
            service
                .topUp(s, account, body)
                .map(
                    p ->
                        Response.status(Response.Status.CREATED)
                            .entity(PrepaidView.of(p))
                            .build()));
  }

  @GET
  @Path("/prepaid")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List the money an account paid before and what is left of it")
  public Uni<Page<PrepaidView>> prepaid(
      @PathParam("account") String account, @BeanParam PageRequest page) {
    String after = page.after().getOrDefault("id", "");
    return transactions
        .asPlatform(
            s ->
                service
                    .account(s, account)
                    .chain(found -> agreements.prepaid(s, List.of(found.id()))))
        .map(
            all ->
                page.page(
                    all.stream()
                        .filter(p -> p.paidIn().id().compareTo(after) > 0)
                        .sorted((a, b) -> a.paidIn().id().compareTo(b.paidIn().id()))
                        .limit(page.limit())
                        .toList(),
                    PrepaidView::of,
                    p -> Map.of("id", p.paidIn().id())));
  }

  @POST
  @Path("/prepaid/{id}/lapse")
  @RolesAllowed("finance")
  @Operation(
      summary = "Book what is left of expired prepaid money as income",
      description = "409 STATE_CONFLICT before it expires, or when nothing is left.")
  @APIResponse(
      responseCode = "200",
      description = "Booked.",
      content = @Content(schema = @Schema(implementation = PrepaidView.class)))
  public Uni<Response> lapse(
      @PathParam("account") String account,
      @PathParam("id") String id,
      @HeaderParam(Idempotency.HEADER) @Nullable String key) {
    return idempotency.platform(
        key,
        account + "/" + id,
        s -> service.lapse(s, account, id).map(p -> Response.ok(PrepaidView.of(p)).build()));
  }
}
