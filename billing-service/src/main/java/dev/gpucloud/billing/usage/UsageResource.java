package dev.gpucloud.billing.usage;

import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.statement.StatementService;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What a tenant or project used in a month, so far when it is the current one. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "usage")
class UsageResource {
  private final Transactions transactions;
  private final AccountRepository accounts;
  private final StatementService statements;
  private final Caller caller;
  private final InstantSource clock;

  UsageResource(
      Transactions transactions,
      AccountRepository accounts,
      StatementService statements,
      Caller caller,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.accounts = accounts;
    this.statements = statements;
    this.caller = caller;
    this.clock = clock;
  }

  @GET
  @Path("/tenants/{tenant}/usage")
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER, TenantRole.OPERATOR})
  @Operation(summary = "Usage and cost of a tenant's month by project, instance and run")
  public Uni<UsageView> ofTenant(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @QueryParam("month") @Nullable String month,
      @BeanParam PageRequest page) {
    return usage(month, null, page);
  }

  @GET
  @Path("/projects/{project}/usage")
  @Authenticated
  @TenantAccess({
    TenantRole.OWNER,
    TenantRole.BILLING_VIEWER,
    TenantRole.OPERATOR,
    TenantRole.VIEWER
  })
  @Operation(summary = "Usage and cost of a project's month by instance and run")
  public Uni<UsageView> ofProject(
      @PathParam("project")
          @Parameter(
              description = "Id, or slugs as tenant.project.",
              example = "sk-hynix.fab-digital-twin")
          String project,
      @QueryParam("month") @Nullable String month,
      @BeanParam PageRequest page) {
    return usage(month, caller.scope().project().id(), page);
  }

  private Uni<UsageView> usage(
      @Nullable String asked, @Nullable ProjectId project, PageRequest page) {
    Instant now = clock.instant();
    BillingMonth month = asked == null ? BillingMonth.of(now) : month(asked);
    Instant from = month.start();
    Instant through = now.isBefore(month.end()) ? (now.isBefore(from) ? from : now) : month.end();
    TenantId tenant = caller.scope().tenantId();
    return transactions
        .asPlatform(s -> load(s, tenant, month))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(
            inputs ->
                inputs
                    .map(found -> view(found, tenant, through, project, page))
                    .orElseGet(() -> UsageView.none(month, through, page)));
  }

  /** The whole account's, for it shares commitments and tiers; shown is the tenant's own. */
  private Uni<Optional<StatementService.Inputs>> load(
      Mutiny.Session s, TenantId tenant, BillingMonth month) {
    return accounts
        .findByTenant(s, tenant)
        .chain(
            account ->
                account.isEmpty()
                    ? Uni.createFrom().item(Optional.empty())
                    : statements.loadSoFar(s, account.get(), month).map(Optional::of));
  }

  private static UsageView view(
      StatementService.Inputs inputs,
      TenantId tenant,
      Instant through,
      @Nullable ProjectId project,
      PageRequest page) {
    StatementService.Used used = inputs.used(tenant, through);
    List<Part> parts =
        used.parts().stream()
            .filter(p -> project == null || p.row().scope().projectId().equals(project))
            .toList();
    Map<RunId, Instant> ends = new HashMap<>();
    for (RunUsage run : inputs.runs()) {
      if (run.end() != null && !run.end().isAfter(through)) {
        ends.put(run.runId(), run.end());
      }
    }
    return UsageView.of(inputs.month(), through, parts, used.unpriced(), ends, page);
  }

  /** A month of the query, or INVALID_PARAMETER. */
  private static BillingMonth month(String text) {
    try {
      return BillingMonth.parse(text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PARAMETER
          .because("month is a Seoul calendar month such as 2026-11.")
          .at("month", "must be of the form 2026-11");
    }
  }
}
