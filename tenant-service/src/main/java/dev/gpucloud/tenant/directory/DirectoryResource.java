package dev.gpucloud.tenant.directory;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Shows platform staff whether the identity provider has what it should have. */
@Path("/api/v1/admin/directory")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Directory", description = "Organisations and memberships in the identity provider.")
class DirectoryResource {
  private static final String REFUSED =
      """
      select e.tenant_id, t.slug, e.subject, e.problem, e.attempts, e.due_at
      from directory_entry e join tenant t on t.tenant_id = e.tenant_id
      where e.done < e.wanted and e.problem is not null order by e.changed_at limit 100""";

  private final Transactions transactions;
  private final DirectoryWorker worker;
  private final DirectoryConfig config;

  DirectoryResource(Transactions transactions, DirectoryWorker worker, DirectoryConfig config) {
    this.transactions = transactions;
    this.worker = worker;
    this.config = config;
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "What the identity provider lacks",
      description = "Changes that are not there yet, refusals, and checks to come.")
  @APIResponse(responseCode = "200", description = "The state of the synchroniser.")
  public Uni<DirectoryView> show() {
    return transactions.asPlatform(
        s -> DirectoryLag.read(s).chain(lag -> Sql.rows(s, REFUSED).map(rows -> view(lag, rows))));
  }

  private DirectoryView view(DirectoryLag lag, List<Object[]> refused) {
    DirectoryWorker.Contact contact = worker.contact();
    return new DirectoryView(
        config.adminUrl().isPresent(),
        lag.pending(),
        lag.refused(),
        lag.since(),
        lag.age().toSeconds(),
        lag.checks(),
        lag.checksDue(),
        contact.last(),
        contact.failures(),
        contact.problem().isEmpty() ? null : contact.problem(),
        refused.stream().map(DirectoryResource::refusal).toList());
  }

  private static DirectoryView.Refusal refusal(Object[] row) {
    String subject = (String) row[2];
    Instant next = DirectoryLag.instant(row[5]);
    return new DirectoryView.Refusal(
        new TenantId((UUID) row[0]),
        (String) row[1],
        subject.isEmpty() ? null : subject,
        (String) row[3],
        ((Number) row[4]).intValue(),
        next == null ? Instant.EPOCH : next);
  }
}
