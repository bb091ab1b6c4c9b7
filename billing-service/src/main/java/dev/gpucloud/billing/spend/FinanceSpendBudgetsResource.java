package dev.gpucloud.billing.spend;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.References;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.persistence.LockModeType;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Finance sees the spend budgets of all tenants here, and helps out with them. */
@Path("/api/v1/finance/spend-budgets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class FinanceSpendBudgetsResource {
  private final Transactions transactions;
  private final SpendBudgetService service;
  private final SpendBudgetRepository budgets;
  private final References references;

  FinanceSpendBudgetsResource(
      Transactions transactions,
      SpendBudgetService service,
      SpendBudgetRepository budgets,
      References references) {
    this.transactions = transactions;
    this.service = service;
    this.budgets = budgets;
    this.references = references;
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List the spend budgets of one tenant or of all, oldest first")
  @APIResponse(responseCode = "200", description = "A page of spend budgets.")
  public Uni<Page<SpendBudgetView>> listSpendBudgetsForFinance(
      @QueryParam("tenant") @Parameter(description = "Only of this tenant: its id or slug.")
          @Nullable String tenant,
      @BeanParam PageRequest page) {
    return transactions
        .asPlatform(s -> rows(s, tenant, page))
        .map(rows -> page.page(rows, SpendBudgetView::of, row -> Map.of("id", "" + row.id)));
  }

  private Uni<List<SpendBudgetEntity>> rows(
      Mutiny.Session s, @Nullable String tenant, PageRequest page) {
    var after = page.afterId().orElse(SpendBudgetsResource.FIRST);
    if (tenant == null) {
      return budgets.page(s, null, after, page.limit());
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
        .chain(of -> budgets.page(s, of.id(), after, page.limit()));
  }

  @GET
  @Path("/{budget}")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Show any tenant's spend budget")
  @APIResponse(
      responseCode = "200",
      description = "The budget; ETag is its version.",
      content = @Content(schema = @Schema(implementation = SpendBudgetView.class)))
  public Uni<Response> showSpendBudgetForFinance(@PathParam("budget") String budget) {
    return transactions
        .asPlatform(s -> service.load(s, null, budget, LockModeType.NONE))
        .map(found -> SpendBudgetsResource.tagged(SpendBudgetView.of(found)));
  }

  @PUT
  @Path("/{budget}")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(
      summary = "Change any tenant's spend budget",
      description = "On the version named in If-Match.")
  @APIResponse(
      responseCode = "200",
      description = "The budget as it is now; ETag is its version.",
      content = @Content(schema = @Schema(implementation = SpendBudgetView.class)))
  public Uni<Response> setSpendBudgetForFinance(
      @PathParam("budget") String budget,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable SetSpendBudgetRequest body) {
    var seen = new SpendBudgetService.Seen(null, budget, ifMatch);
    return transactions
        .asPlatform(s -> service.set(s, seen, SpendBudgetsResource.required(body)))
        .map(SpendBudgetsResource::tagged);
  }

  @DELETE
  @Path("/{budget}")
  @RolesAllowed("finance")
  @Operation(
      summary = "Remove any tenant's spend budget",
      description = "On the version named in If-Match; its stop is lifted at once.")
  @APIResponse(responseCode = "204", description = "Removed.")
  public Uni<Void> removeSpendBudgetForFinance(
      @PathParam("budget") String budget,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    var seen = new SpendBudgetService.Seen(null, budget, ifMatch);
    return transactions.asPlatform(s -> service.remove(s, seen));
  }
}
