package dev.gpucloud.kit.trial;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The patterns of the kit on one small resource. */
@Path("/api/v1/tenants/{tenant}/notes")
public class NoteResource {
  /** What a client sends. */
  public record CreateNoteRequest(@NotBlank @Size(max = 40) String text, Integer stars) {}

  /** What a client sees. */
  public record NoteView(UUID id, String text, long version) {}

  private final Transactions transactions;
  private final Idempotency idempotency;
  private final Outbox outbox;
  private final Caller caller;

  NoteResource(Transactions transactions, Idempotency idempotency, Outbox outbox, Caller caller) {
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.outbox = outbox;
    this.caller = caller;
  }

  @POST
  @Authenticated
  @TenantAccess(TenantRole.OPERATOR)
  public Uni<Response> create(
      @HeaderParam("Idempotency-Key") String key, @NotNull @Valid CreateNoteRequest body) {
    TenantId tenant = caller.scope().tenantId();
    return idempotency.tenant(
        tenant,
        key,
        body,
        s -> {
          Note note = new Note();
          note.id = Ids.next();
          note.tenantId = tenant.value();
          note.text = body.text();
          return s.persist(note)
              .chain(s::flush)
              .chain(() -> outbox.append(s, event(note, tenant)))
              .map(
                  v ->
                      Response.status(201)
                          .header("ETag", ETags.of(note.version))
                          .entity(new NoteView(note.id, note.text, note.version))
                          .build());
        });
  }

  private static OutboxEvent event(Note note, TenantId tenant) {
    return new OutboxEvent(
        Ids.next(),
        "inventory.instances.v1",
        note.id.toString(),
        "note.created",
        note.id.toString(),
        tenant,
        1,
        Instant.now(),
        Map.of("text", note.text));
  }

  /** Three steps, of which the first takes its time. */
  @POST
  @Path("slow")
  @Authenticated
  @TenantAccess(TenantRole.OPERATOR)
  public Uni<Response> createSlowly(@NotNull @Valid CreateNoteRequest body) {
    TenantId tenant = caller.scope().tenantId();
    Note note = new Note();
    note.id = Ids.next();
    note.tenantId = tenant.value();
    note.text = body.text();
    return transactions.asTenant(
        tenant,
        s ->
            s.createNativeQuery("select cast(pg_sleep(0.3) as text)", String.class)
                .getSingleResult()
                .chain(() -> s.persist(note))
                .chain(s::flush)
                .chain(() -> s.createSelectionQuery("from note", Note.class).getResultList())
                .map(all -> Response.status(201).build()));
  }

  @GET
  @Authenticated
  @TenantAccess({TenantRole.OPERATOR, TenantRole.VIEWER})
  public Uni<Page<NoteView>> list(@BeanParam PageRequest page) {
    // no WHERE on purpose: the second wall alone must keep other tenants' rows away
    return transactions.asTenant(
        caller.scope().tenantId(),
        s ->
            s.createSelectionQuery("from note order by id", Note.class)
                .getResultList()
                .map(this::page));
  }

  private Page<NoteView> page(List<Note> notes) {
    return new Page<>(
        notes.stream().map(n -> new NoteView(n.id, n.text, n.version)).toList(), null);
  }

  @PUT
  @Path("{id}")
  @Authenticated
  @TenantAccess(TenantRole.OPERATOR)
  public Uni<Response> edit(
      @PathParam("id") UUID id,
      @HeaderParam("If-Match") String ifMatch,
      @NotNull @Valid CreateNoteRequest body) {
    return transactions.asTenant(
        caller.scope().tenantId(),
        s ->
            s.find(Note.class, id)
                .invoke(
                    n -> {
                      ETags.require(ifMatch, n.version);
                      n.text = body.text();
                    })
                .chain(n -> s.flush().replaceWith(n))
                .map(n -> Response.ok().header("ETag", ETags.of(n.version)).build()));
  }

  @GET
  @Path("all")
  @RolesAllowed("platform-admin")
  public Uni<Long> all(
      @QueryParam("colour") String colour, @QueryParam("accessToken") String token) {
    return transactions.asPlatform(
        s -> s.createSelectionQuery("select count(*) from note", Long.class).getSingleResult());
  }

  @GET
  @Path("unannotated")
  public String unannotated() {
    return "must not be reachable";
  }

  @GET
  @Path("failing")
  @RolesAllowed("platform-admin")
  public String failing() {
    throw new IllegalStateException("secret internals");
  }
}
