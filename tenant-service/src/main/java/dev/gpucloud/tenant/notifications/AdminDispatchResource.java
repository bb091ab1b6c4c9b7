package dev.gpucloud.tenant.notifications;

import dev.gpucloud.contracts.id.DispatchId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.request.Parameters;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Platform staff see here who could not be reached, and try again. */
@Path("/api/v1/admin/notification-dispatches")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Notifications")
class AdminDispatchResource {
  private static final String STANDING =
      """
      select d.state, coalesce(n.kind, d.event_type), d.channel from notification_dispatch d
      left join notification n on n.notification_id = d.notification_id
      where d.dispatch_id = ?1 for update of d""";
  private static final String AGAIN =
      """
      update notification_dispatch set state = 'PENDING', attempts = 0, due_at = now()
      where dispatch_id = ?1""";
  private static final String LOAD =
      "select "
          + DispatchView.COLUMNS
          + DispatchView.ROWS
          + """
          where d.dispatch_id = ?1""";

  private final Transactions transactions;
  private final NotificationQueries queries;
  private final Audit audit;

  AdminDispatchResource(Transactions transactions, NotificationQueries queries, Audit audit) {
    this.transactions = transactions;
    this.queries = queries;
    this.audit = audit;
  }

  /** Where a dispatch stands. */
  enum State {
    PENDING,
    SENT,
    DEAD
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "List dispatches of notifications",
      description = "Newest first, of all tenants. DEAD ones were given up.")
  @APIResponse(responseCode = "200", description = "A page of dispatches.")
  public Uni<Page<DispatchView>> list(
      @QueryParam("state")
          @Parameter(
              description = "Only these.",
              schema = @Schema(enumeration = {"PENDING", "SENT", "DEAD"}))
          @Nullable String state,
      @BeanParam PageRequest page) {
    return queries.all(Parameters.oneOf("state", state, State.class).map(Enum::name), page);
  }

  @POST
  @Path("/{dispatch}/retry")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Try a dispatch again",
      description = "At once, with all tries before it; for one that was given up.")
  @APIResponse(responseCode = "200", description = "It is PENDING again.")
  @APIResponse(
      responseCode = "409",
      description =
          "STATE_CONFLICT: it is not DEAD, or the mail of an invitation, whose link is gone.")
  public Uni<DispatchView> retry(@PathParam("dispatch") String dispatch) {
    DispatchId id = parse(dispatch);
    return transactions.asPlatform(
        session ->
            Sql.rows(session, STANDING, id.value())
                .invoke(AdminDispatchResource::requireDead)
                .chain(() -> load(session, id))
                .chain(before -> again(session, id, before)));
  }

  private Uni<DispatchView> again(Mutiny.Session session, DispatchId id, DispatchView before) {
    AuditChange change =
        AuditChange.of("notification-dispatch.retry", "notification-dispatch", id.toString())
            .at(before.tenantId())
            .from(before);
    return Sql.update(session, AGAIN, id.value())
        .chain(() -> load(session, id))
        .call(after -> audit.changed(session, change.to(after)));
  }

  private static Uni<DispatchView> load(Mutiny.Session session, DispatchId id) {
    return Sql.rows(session, LOAD, id.value()).map(rows -> DispatchView.of(rows.getFirst()));
  }

  private static void requireDead(List<Object[]> rows) {
    if (rows.isEmpty()) {
      throw Refusals.notFound("dispatch");
    }
    Object[] row = rows.getFirst();
    if (!row[0].equals("DEAD")) {
      throw ProblemType.STATE_CONFLICT
          .because("The dispatch is " + row[0] + "; only one that is DEAD is tried again.")
          .with("state", row[0]);
    }
    if (row[1].equals(NotificationKind.INVITATION_SENT.word()) && row[2].equals("MAIL")) {
      throw ProblemType.STATE_CONFLICT
          .because("The link of an invitation is not kept; an owner makes a new invitation.")
          .with("state", row[0]);
    }
  }

  private static DispatchId parse(String id) {
    try {
      return DispatchId.parse(id);
    } catch (IllegalArgumentException e) {
      throw Refusals.notFound("dispatch");
    }
  }
}
