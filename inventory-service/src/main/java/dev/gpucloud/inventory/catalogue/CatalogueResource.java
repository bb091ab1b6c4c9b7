package dev.gpucloud.inventory.catalogue;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.catalogue.CatalogueViews.GpuModelView;
import dev.gpucloud.inventory.catalogue.CatalogueViews.TypeVersionView;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The catalogue for platform admins and auditors; the fleet import changes it. */
@Path("/api/v1/admin")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Fleet")
public class CatalogueResource {
  private final Transactions transactions;

  CatalogueResource(Transactions transactions) {
    this.transactions = transactions;
  }

  @GET
  @Path("/gpu-models")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "GPU models with their MIG geometry")
  public Uni<Page<GpuModelView>> models(@BeanParam PageRequest page) {
    return transactions.asPlatform(
        s ->
            new KeysetQuery<>(GpuModelEntity.class, "id")
                .page(s, page, GpuModelView::of, m -> m.id));
  }

  @GET
  @Path("/instance-types/{type}/versions")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "What an instance type was at each version",
      description = "Instances keep the vCPUs and memory that they were created with.")
  public Uni<Page<TypeVersionView>> versions(@PathParam("type") String type) {
    return transactions
        .asPlatform(
            s ->
                Sql.rows(
                    s,
                    """
                    select version, vcpus, memory_gib, actor, at from instance_type_version
                    where type_id = ?1 order by version limit 1000""",
                    type))
        .invoke(
            rows -> {
              if (rows.isEmpty()) {
                throw ProblemType.NOT_FOUND.because("There is no instance type '" + type + "'.");
              }
            })
        .map(rows -> new Page<>(rows.stream().map(TypeVersionView::of).toList(), null));
  }
}
