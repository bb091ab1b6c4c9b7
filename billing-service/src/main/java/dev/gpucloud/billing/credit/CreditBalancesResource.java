package dev.gpucloud.billing.credit;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.References;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRef;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What is left of promotional credits, to the tenant and to finance. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
class CreditBalancesResource {
  private final Transactions transactions;
  private final CreditBalances balances;
  private final References references;
  private final Caller caller;

  CreditBalancesResource(
      Transactions transactions, CreditBalances balances, References references, Caller caller) {
    this.transactions = transactions;
    this.balances = balances;
    this.references = references;
    this.caller = caller;
  }

  @GET
  @Path("/tenants/{tenant}/credit-balances")
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Tag(name = "invoices")
  @Operation(
      summary = "List what is left of a tenant's promotional credits",
      description = "In the order in which they were given, after issued invoices and notes.")
  public Uni<Page<CreditBalanceView>> ofTenant(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @BeanParam PageRequest page) {
    TenantId mine = caller.scope().tenantId();
    return list(s -> Uni.createFrom().item(mine), page);
  }

  @GET
  @Path("/finance/credit-balances")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Tag(name = "finance")
  @Operation(
      summary = "List what is left of any tenant's promotional credits",
      description = "In the order in which they were given, after issued invoices and notes.")
  public Uni<Page<CreditBalanceView>> ofTenantForFinance(
      @QueryParam("tenant") @Parameter(description = "Needed. Id or slug.", example = "sk-hynix")
          @Nullable String tenant,
      @BeanParam PageRequest page) {
    if (tenant == null || tenant.isBlank()) {
      throw ProblemType.INVALID_PARAMETER
          .because("The query names a tenant by id or slug.")
          .at("tenant", "is missing");
    }
    return list(
        s ->
            references
                .findTenant(s, tenant)
                .map(
                    found ->
                        found
                            .map(TenantRef::id)
                            .orElseThrow(
                                () ->
                                    ProblemType.NOT_FOUND
                                        .because("There is no such tenant.")
                                        .at("tenant", "names no tenant"))),
        page);
  }

  private Uni<Page<CreditBalanceView>> list(
      Function<Mutiny.Session, Uni<TenantId>> tenant, PageRequest page) {
    return transactions
        .asPlatform(
            s ->
                tenant
                    .apply(s)
                    .chain(of -> balances.of(s, of, page.afterId().orElse(null), page.limit())))
        .map(
            found -> page.page(found, CreditBalanceView::of, b -> Map.of("id", b.id().toString())));
  }
}
