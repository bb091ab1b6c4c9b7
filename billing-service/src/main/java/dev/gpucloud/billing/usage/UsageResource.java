package dev.gpucloud.billing.usage;

import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.rating.RatingService;
import dev.gpucloud.billing.rating.engine.Rating;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What a tenant or project used in a month, so far when it is the current one. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "usage")
class UsageResource {
  private final Transactions transactions;
  private final RatingService rating;
  private final Caller caller;
  private final InstantSource clock;

  UsageResource(
      Transactions transactions,
      RatingService rating,
      Caller caller,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.rating = rating;
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
    var tenant = caller.scope().tenantId();
    return transactions
        .asTenant(tenant, s -> rating.load(s, List.of(tenant.value()), from, through))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(inputs -> view(month, inputs, project, page));
  }

  private static UsageView view(
      BillingMonth month,
      RatingService.Inputs inputs,
      @Nullable ProjectId project,
      PageRequest page) {
    Rating rating = inputs.rate();
    if (project != null) {
      rating =
          new Rating(
              rating.rows().stream().filter(r -> r.scope().projectId().equals(project)).toList(),
              rating.unpriced());
    }
    Map<RunId, Instant> ends = new HashMap<>();
    for (RunUsage run : inputs.runs()) {
      if (run.end() != null && !run.end().isAfter(inputs.to())) {
        ends.put(run.runId(), run.end());
      }
    }
    return UsageView.of(month, inputs.from(), inputs.to(), rating, ends, page);
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
