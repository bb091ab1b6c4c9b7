package dev.gpucloud.inventory.faults;

import dev.gpucloud.inventory.fleet.HostReasonRequest;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The breakers that keep faults from emptying a site, for platform admins. */
@Path("/api/v1/admin/fault-breakers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Faults")
public class BreakerResource {
  private final Transactions transactions;
  private final SiteBreakers breakers;
  private final Caller caller;

  BreakerResource(Transactions transactions, SiteBreakers breakers, Caller caller) {
    this.transactions = transactions;
    this.breakers = breakers;
    this.caller = caller;
  }

  /** The breaker of every site. */
  public record BreakersView(List<BreakerView> items) {}

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "The breaker of every site",
      description =
          "An open one lets faults be recorded only, until it is reset. One item per site, no"
              + " pages.")
  public Uni<BreakersView> list() {
    return transactions.asPlatform(s -> breakers.read(s, null)).map(BreakersView::new);
  }

  @POST
  @Path("/{site}/reset")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Close the breaker of a site and count anew",
      description = "Faults that it held back stay recorded and are not acted on later.")
  public Uni<BreakerView> reset(
      @PathParam("site") String site,
      @NotNull(message = "a body with the reason is required") @Valid HostReasonRequest body) {
    String actor = caller.username();
    return transactions.asPlatform(s -> breakers.reset(s, site, actor, body.reason()));
  }
}
