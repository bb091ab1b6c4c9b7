package dev.gpucloud.billing.spend;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.LockModeType;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Owners say here what their tenant and its projects want to spend in a month. */
@Path("/api/v1/tenants/{tenant}/spend-budgets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "spend-budgets")
class SpendBudgetsResource {
  static final UUID FIRST = new UUID(0, 0);

  private final Transactions transactions;
  private final SpendBudgetService service;
  private final SpendBudgetRepository budgets;
  private final Idempotency idempotency;
  private final Caller caller;

  SpendBudgetsResource(
      Transactions transactions,
      SpendBudgetService service,
      SpendBudgetRepository budgets,
      Idempotency idempotency,
      Caller caller) {
    this.transactions = transactions;
    this.service = service;
    this.budgets = budgets;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(
      summary = "List spend budgets",
      description = "Of the tenant and its projects, oldest first, as they stood at the last look.")
  @APIResponse(responseCode = "200", description = "A page of spend budgets.")
  public Uni<Page<SpendBudgetView>> listSpendBudgets(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @BeanParam PageRequest page) {
    return transactions
        .readAsTenant(
            caller.scope().tenantId(),
            s ->
                budgets.page(
                    s, caller.scope().tenantId(), page.afterId().orElse(FIRST), page.limit()))
        .map(rows -> page.page(rows, SpendBudgetView::of, row -> Map.of("id", "" + row.id)));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Make a spend budget",
      description =
          "Won for each Seoul calendar month, before credits and VAT. People are told when a"
              + " threshold is reached, and with stopAtPercent nothing new may start once so much"
              + " is spent.")
  @APIResponse(
      responseCode = "201",
      description = "Made; ETag is its version.",
      content = @Content(schema = @Schema(implementation = SpendBudgetView.class)))
  @APIResponse(
      responseCode = "409",
      description = "ALREADY_EXISTS: the name. STATE_CONFLICT: there are as many as are allowed.")
  public Uni<Response> createSpendBudget(
      @PathParam("tenant") String tenant,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @Nullable CreateSpendBudgetRequest body) {
    return idempotency.tenant(
        caller.scope().tenantId(),
        key,
        body,
        s ->
            service
                .create(s, caller.scope().tenant(), required(body))
                .map(SpendBudgetsResource::created));
  }

  static <T> T required(@Nullable T body) {
    if (body == null) {
      throw ProblemType.MALFORMED_BODY.because("The body is empty.").at("", "is required");
    }
    return body;
  }

  static Response created(SpendBudgetView view) {
    return Response.status(Response.Status.CREATED)
        .header(
            HttpHeaders.LOCATION,
            "/api/v1/tenants/%s/spend-budgets/%s".formatted(view.tenantId(), view.id()))
        .header(HttpHeaders.ETAG, ETags.of(view.version()))
        .entity(view)
        .build();
  }

  static Response tagged(SpendBudgetView view) {
    return Response.ok(view).header(HttpHeaders.ETAG, ETags.of(view.version())).build();
  }

  @GET
  @Path("/{budget}")
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(summary = "Show a spend budget as it stood at the last look")
  @APIResponse(
      responseCode = "200",
      description = "The budget; ETag is its version.",
      content = @Content(schema = @Schema(implementation = SpendBudgetView.class)))
  public Uni<Response> showSpendBudget(
      @PathParam("tenant") String tenant, @PathParam("budget") String budget) {
    return transactions
        .readAsTenant(
            caller.scope().tenantId(),
            s -> service.load(s, caller.scope().tenantId(), budget, LockModeType.NONE))
        .map(found -> tagged(SpendBudgetView.of(found)));
  }

  @PUT
  @Path("/{budget}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Change a spend budget",
      description =
          "On the version named in If-Match. A raised budget lifts its stop at once; a threshold"
              + " that it is no longer at can be told of again.")
  @APIResponse(
      responseCode = "200",
      description = "The budget as it is now; ETag is its version.",
      content = @Content(schema = @Schema(implementation = SpendBudgetView.class)))
  public Uni<Response> setSpendBudget(
      @PathParam("tenant") String tenant,
      @PathParam("budget") String budget,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable SetSpendBudgetRequest body) {
    var seen = new SpendBudgetService.Seen(caller.scope().tenantId(), budget, ifMatch);
    return transactions
        .asTenant(caller.scope().tenantId(), s -> service.set(s, seen, required(body)))
        .map(SpendBudgetsResource::tagged);
  }

  @DELETE
  @Path("/{budget}")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Remove a spend budget",
      description = "On the version named in If-Match; its stop is lifted at once.")
  @APIResponse(responseCode = "204", description = "Removed.")
  public Uni<Void> removeSpendBudget(
      @PathParam("tenant") String tenant,
      @PathParam("budget") String budget,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    var seen = new SpendBudgetService.Seen(caller.scope().tenantId(), budget, ifMatch);
    return transactions.asTenant(caller.scope().tenantId(), s -> service.remove(s, seen));
  }
}
