package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Actor;
import dev.gpucloud.kit.access.ApiKeyAccess;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;

/** Operations: the handles of long work. Members of the operation's tenant may read it. */
@Path("/api/v1/operations")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@ApiKeyAccess
@Tag(name = "Operations")
public class OperationResource {
  private final Transactions transactions;
  private final Caller caller;

  OperationResource(Transactions transactions, Caller caller) {
    this.transactions = transactions;
    this.caller = caller;
  }

  @GET
  @Path("/{operation}")
  @Operation(summary = "One operation")
  public Uni<OperationView> get(@PathParam("operation") String text) {
    OperationId id = parse(text);
    Actor actor = caller.actor();
    return transactions
        .asSystem(s -> load(s, id, actor.subject()))
        .invoke(found -> requireReach(actor, found))
        .map(OperationView::of);
  }

  private static void requireReach(Actor actor, OperationEntity operation) {
    if (!actor.reaches(new TenantId(operation.tenantId), new ProjectId(operation.projectId))) {
      throw notFound();
    }
  }

  private static OperationId parse(String text) {
    try {
      return OperationId.parse(text);
    } catch (IllegalArgumentException e) {
      throw notFound();
    }
  }

  /** The path names no tenant, so membership is part of the query: no row without it. */
  private static Uni<OperationEntity> load(Mutiny.Session s, OperationId id, String subject) {
    return s.createNativeQuery(
            """
            select o.* from operation o
            join member_ref m on m.tenant_id = o.tenant_id and m.subject = ?2
            where o.id = ?1
              and (cardinality(m.roles) > 0
                   or exists (select 1 from jsonb_object_keys(m.project_roles) p
                              where p = 'prj_' || o.project_id))""",
            OperationEntity.class)
        .setParameter(1, id.value())
        .setParameter(2, subject)
        .getResultList()
        .map(
            rows -> {
              if (rows.isEmpty()) {
                throw notFound();
              }
              return rows.getFirst();
            });
  }

  private static ProblemException notFound() {
    return ProblemType.NOT_FOUND.because("There is no such operation.");
  }
}
