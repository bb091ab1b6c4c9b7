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
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Shows platform staff whether the identity provider has what it should have. */
@Path("/api/v1/admin/directory")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Directory", description = "Organisations and memberships in the identity provider.")
class DirectoryResource {
  private static final String LAG =
      """
      select count(*), count(*) filter (where problem is not null), min(changed_at)
      from directory_entry where done < wanted""";
  private static final String REFUSED =
      """
      select tenant_id, subject, problem, attempts, due_at from directory_entry
      where done < wanted and problem is not null order by changed_at limit 100""";

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
  @Operation(summary = "What the identity provider lacks", description = "Lag and refusals.")
  @APIResponse(responseCode = "200", description = "The state of the synchroniser.")
  public Uni<DirectoryView> show() {
    return transactions.asPlatform(
        s ->
            Sql.rows(s, LAG)
                .chain(lag -> Sql.rows(s, REFUSED).map(rows -> view(lag.getFirst(), rows))));
  }

  private DirectoryView view(Object[] lag, List<Object[]> refused) {
    DirectoryWorker.Contact contact = worker.contact();
    return new DirectoryView(
        config.adminUrl().isPresent(),
        ((Number) lag[0]).longValue(),
        ((Number) lag[1]).longValue(),
        instant(lag[2]),
        contact.last(),
        contact.failures(),
        contact.problem().isEmpty() ? null : contact.problem(),
        refused.stream().map(DirectoryResource::refusal).toList());
  }

  private static DirectoryView.Refusal refusal(Object[] row) {
    String subject = (String) row[1];
    Instant next = instant(row[4]);
    return new DirectoryView.Refusal(
        new TenantId((UUID) row[0]),
        subject.isEmpty() ? null : subject,
        (String) row[2],
        ((Number) row[3]).intValue(),
        next == null ? Instant.EPOCH : next);
  }

  private static @Nullable Instant instant(@Nullable Object value) {
    return value instanceof OffsetDateTime time ? time.toInstant() : (Instant) value;
  }
}
