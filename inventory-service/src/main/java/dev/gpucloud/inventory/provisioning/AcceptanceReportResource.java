package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.kit.access.TenantRole.OPERATOR;
import static dev.gpucloud.kit.access.TenantRole.OWNER;
import static dev.gpucloud.kit.access.TenantRole.VIEWER;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.acceptance.AcceptanceReportView;
import dev.gpucloud.inventory.acceptance.AcceptanceReports;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantScope;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.LockModeType;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;

/** What was measured on the GPUs that an instance runs on, before they were offered. */
@Path("/api/v1/projects/{project}/instances/{instance}/acceptance-report")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Instances")
public class AcceptanceReportResource {
  private final InstanceStore store;
  private final AcceptanceReports reports;
  private final Transactions transactions;
  private final Caller caller;

  AcceptanceReportResource(
      InstanceStore store, AcceptanceReports reports, Transactions transactions, Caller caller) {
    this.store = store;
    this.reports = reports;
    this.transactions = transactions;
    this.caller = caller;
  }

  @GET
  @TenantAccess({VIEWER, OPERATOR, OWNER})
  @Operation(
      summary = "The acceptance report of an instance's GPUs",
      description =
          "GEMM rate and memory bandwidth of each GPU that the instance holds, NCCL bus bandwidth of"
              + " their host, and the limits they had to reach. Hosts that were in service before"
              + " they were imported have a note instead.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = AcceptanceReportView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it holds no host now")
  public Uni<AcceptanceReportView> get(
      @PathParam("project") String project, @PathParam("instance") String instance) {
    TenantScope scope = caller.scope();
    return transactions.asTenant(
        scope.tenantId(),
        s -> store.load(s, scope, instance, LockModeType.NONE).chain(i -> report(s, i)));
  }

  private Uni<AcceptanceReportView> report(Mutiny.Session s, InstanceEntity instance) {
    HostId host = instance.hostId();
    if (host == null || !instance.holding()) {
      throw ProblemType.STATE_CONFLICT
          .because("The instance is %s and holds no host now.".formatted(instance.state()))
          .with("state", instance.state().name());
    }
    return Sql.rows(s, "select mask, gpus from instance where id = ?1", instance.id().value())
        .chain(rows -> reports.ofSlices(s, host, ((Number) rows.getFirst()[0]).longValue()));
  }
}
