package dev.gpucloud.inventory.faults;

import dev.gpucloud.inventory.hosts.HostMoves;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Reported faults of one host, for platform admins. */
@Path("/api/v1/admin/hosts/{host}/faults")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Faults")
public class HostFaultsResource {
  private final Transactions transactions;

  HostFaultsResource(Transactions transactions) {
    this.transactions = transactions;
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "Faults of a host, newest first")
  public Uni<Page<FaultView>> list(
      @PathParam("host") String idOrName, @BeanParam PageRequest page) {
    return transactions.asPlatform(
        s ->
            HostMoves.find(s, idOrName)
                .chain(host -> FaultResource.page(s, Map.of("hostId", host.value()), page)));
  }
}
