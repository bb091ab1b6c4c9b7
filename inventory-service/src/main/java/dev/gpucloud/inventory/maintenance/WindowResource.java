package dev.gpucloud.inventory.maintenance;

import dev.gpucloud.contracts.id.MaintenanceWindowId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Planned work, for platform admins. */
@Path("/api/v1/admin/maintenance-windows")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Fleet")
public class WindowResource {
  private final Windows windows;
  private final WindowKeeper keeper;
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final Caller caller;

  WindowResource(
      Windows windows,
      WindowKeeper keeper,
      Transactions transactions,
      Idempotency idempotency,
      Caller caller) {
    this.windows = windows;
    this.keeper = keeper;
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "Maintenance windows in the order they were planned, by state")
  public Uni<Page<WindowView>> list(
      @QueryParam("state") @Nullable String state, @BeanParam PageRequest page) {
    if (state != null && !Windows.STATES.contains(state)) {
      throw ProblemType.INVALID_PARAMETER
          .because("There is no state '" + state + "'.")
          .at("state", "must be one of " + Windows.STATES);
    }
    UUID after = position(page.after().get("id"));
    return transactions.asPlatform(
        s ->
            Windows.list(s, state, after, page.limit())
                .map(rows -> page.page(rows, WindowView::of, w -> Map.of("id", w.id.toString()))));
  }

  private static @Nullable UUID position(@Nullable String text) {
    try {
      return text == null ? null : UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PAGE_TOKEN.because("The page token is of another list.");
    }
  }

  @GET
  @Path("/{window}")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "One maintenance window")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = WindowView.class)))
  public Uni<Response> get(@PathParam("window") String window) {
    return transactions.asPlatform(s -> Windows.load(s, id(window))).map(WindowResource::ok);
  }

  @POST
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Plan work on a host, a rack or a hall",
      description =
          "At the notice its hosts in service are drained with the start as deadline, at the end"
              + " they are again what they were. Needs an Idempotency-Key. Windows that share hosts"
              + " may not overlap.")
  @APIResponse(
      responseCode = "201",
      description = "Planned; Location is the window",
      content = @Content(schema = @Schema(implementation = WindowView.class)))
  public Uni<Response> plan(
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @NotNull(message = "a body is required") @Valid CreateWindowRequest body) {
    String actor = caller.username();
    return idempotency.platform(key, body, s -> plan(s, body, actor)).call(keeper::hurry);
  }

  private Uni<Response> plan(Mutiny.Session s, CreateWindowRequest body, String actor) {
    return windows
        .plan(s, body, actor)
        .map(
            window ->
                Response.status(Response.Status.CREATED)
                    // created() would make an address of it at which only services call us
                    .header(
                        HttpHeaders.LOCATION,
                        "/api/v1/admin/maintenance-windows/" + new MaintenanceWindowId(window.id))
                    .header(HttpHeaders.ETAG, ETags.of(window.version))
                    .entity(WindowView.of(window))
                    .build());
  }

  @POST
  @Path("/{window}/cancel")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Call a maintenance window off",
      description =
          "Its hosts are again what they were before; tenants are told. If-Match is accepted, not"
              + " needed.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = WindowView.class)))
  public Uni<Response> cancel(
      @PathParam("window") String window, @HeaderParam("If-Match") @Nullable String ifMatch) {
    return transactions
        .asPlatform(s -> windows.cancel(s, id(window), ifMatch))
        .call(keeper::hurry)
        .map(WindowResource::ok);
  }

  private static MaintenanceWindowId id(String text) {
    try {
      return MaintenanceWindowId.parse(text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.NOT_FOUND.because("There is no window '" + text + "'.");
    }
  }

  private static Response ok(WindowEntity window) {
    return Response.ok(WindowView.of(window)).header("ETag", ETags.of(window.version)).build();
  }
}
