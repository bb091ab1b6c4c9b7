package dev.gpucloud.billing.export;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Exports from which anybody can recompute an invoice. */
@Path("/api/v1/finance/exports")
@Tag(name = "finance")
class ExportsResource {
  private final Transactions transactions;
  private final EventsExport events;
  private final PricesExport prices;

  ExportsResource(Transactions transactions, EventsExport events, PricesExport prices) {
    this.transactions = transactions;
    this.events = events;
    this.prices = prices;
  }

  @GET
  @Path("/events")
  @Produces("application/x-ndjson")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(
      summary = "The raw events of the runs that touch a month, one CloudEvent a line",
      description =
          "Covers every tenant whose usage the tenant's billing account pays, and those whose usage"
              + " counts together with it for tiers.")
  public Uni<String> events(
      @QueryParam("tenant") @Parameter(description = "Needed. Id or slug.", example = "sk-hynix")
          @Nullable String tenant,
      @QueryParam("month") @Parameter(description = "Needed. A Seoul month.", example = "2026-11")
          @Nullable String month) {
    if (tenant == null || month == null) {
      throw missing(tenant == null, month == null);
    }
    BillingMonth parsed = month(month);
    return transactions.asPlatform(s -> events.export(s, tenant, parsed));
  }

  private static ProblemException missing(boolean tenant, boolean month) {
    ProblemException problem =
        ProblemType.INVALID_PARAMETER.because("The query names a tenant and a month.");
    problem = tenant ? problem.at("tenant", "is missing") : problem;
    return month ? problem.at("month", "is missing") : problem;
  }

  private static BillingMonth month(String text) {
    try {
      return BillingMonth.parse(text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PARAMETER
          .because("A month is a Seoul calendar month such as 2026-11.")
          .at("month", "must be of the form 2026-11");
    }
  }

  @GET
  @Path("/prices")
  @Produces(MediaType.APPLICATION_JSON)
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Every price version, discount, term and credit there is")
  public Uni<PricesExport.PricesView> prices() {
    return transactions.asPlatform(prices::export);
  }
}
