package dev.gpucloud.billing.spend;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.References;
import dev.gpucloud.kit.idempotency.Idempotency;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Finance makes spend budgets for tenants here. */
@Path("/api/v1/finance/tenants/{tenant}/spend-budgets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class FinanceTenantSpendBudgetsResource {
  private final SpendBudgetService service;
  private final References references;
  private final Idempotency idempotency;

  FinanceTenantSpendBudgetsResource(
      SpendBudgetService service, References references, Idempotency idempotency) {
    this.service = service;
    this.references = references;
    this.idempotency = idempotency;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(summary = "Make a spend budget for a tenant")
  @APIResponse(
      responseCode = "201",
      description = "Made; ETag is its version.",
      content = @Content(schema = @Schema(implementation = SpendBudgetView.class)))
  public Uni<Response> createSpendBudgetForFinance(
      @PathParam("tenant") String tenant,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @Nullable CreateSpendBudgetRequest body) {
    return idempotency.platform(
        key,
        body,
        s ->
            references
                .findTenant(s, tenant)
                .map(
                    found ->
                        found.orElseThrow(
                            () -> ProblemType.NOT_FOUND.because("There is no such tenant.")))
                .chain(of -> service.create(s, of, SpendBudgetsResource.required(body)))
                .map(SpendBudgetsResource::created));
  }
}
