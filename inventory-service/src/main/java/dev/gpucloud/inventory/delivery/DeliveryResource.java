package dev.gpucloud.inventory.delivery;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.catalogue.KeysetQuery;
import dev.gpucloud.inventory.delivery.DeliveryRequests.AcceptRequest;
import dev.gpucloud.inventory.delivery.DeliveryRequests.AnnounceRequest;
import dev.gpucloud.inventory.delivery.DeliveryRequests.MoveRequest;
import dev.gpucloud.inventory.delivery.DeliveryRequests.SlipRequest;
import dev.gpucloud.inventory.delivery.DeliveryService.Asker;
import dev.gpucloud.inventory.delivery.engine.DeliveryState;
import dev.gpucloud.inventory.fleet.ExpectedHost;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.http.ETags;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Deliveries for platform admins: what is due when, and each step from the order to service. */
@Path("/api/v1/admin/deliveries")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Deliveries")
public class DeliveryResource {
  private static final String IF_MATCH = "If-Match";
  private static final String BODY = "a body with the reason is required";

  private final DeliveryService service;
  private final DeliveryStore store;
  private final Transactions transactions;
  private final Caller caller;

  DeliveryResource(
      DeliveryService service, DeliveryStore store, Transactions transactions, Caller caller) {
    this.service = service;
    this.store = store;
    this.transactions = transactions;
    this.caller = caller;
  }

  /** Filters of the list; all must hold. */
  public static class Filter {
    @QueryParam("site")
    @Nullable String site;

    @QueryParam("hall")
    @Nullable String hall;

    @QueryParam("model")
    @Nullable String model;

    @QueryParam("state")
    @Nullable String state;

    KeysetQuery<DeliveryEntity> query() {
      if (state != null && !DeliveryState.ORDER.contains(state)) {
        throw ProblemType.INVALID_PARAMETER
            .because("There is no state '" + state + "'.")
            .at("state", "must be one of " + DeliveryState.ORDER);
      }
      return new KeysetQuery<>(DeliveryEntity.class, "id")
          .where("siteId", site)
          .where("hallId", hall)
          .where("modelId", model)
          .where("state", state);
    }
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "Deliveries, by site, hall, model and state",
      description = "slipDays says how much later than first promised each is due.")
  public Uni<Page<DeliveryView>> list(@BeanParam Filter filter, @BeanParam PageRequest page) {
    KeysetQuery<DeliveryEntity> query = filter.query();
    return transactions.asPlatform(s -> store.list(s, query, page));
  }

  @GET
  @Path("/{delivery}")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "One delivery with the states of its hosts")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = DeliveryView.class)))
  public Uni<Response> get(@PathParam("delivery") String id) {
    return service.get(id).map(DeliveryResource::ok);
  }

  @GET
  @Path("/{delivery}/history")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "Every step of a delivery, every slip, with actor and reason")
  public Uni<Page<DeliveryHistoryView>> history(
      @PathParam("delivery") String id, @BeanParam PageRequest page) {
    return transactions.asPlatform(s -> store.history(s, id, page));
  }

  @POST
  @Path("/{delivery}/ship")
  @RolesAllowed("platform-admin")
  @Operation(summary = "It left the vendor", description = "From ORDERED. Needs If-Match.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = DeliveryView.class)))
  public Uni<Response> ship(
      @PathParam("delivery") String id,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = BODY) @Valid MoveRequest request) {
    return service.ship(id, Asker.of(caller, ifMatch), request.reason()).map(DeliveryResource::ok);
  }

  @POST
  @Path("/{delivery}/deliver")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "It arrived",
      description =
          "From SHIPPED. Its hosts become EXPECTED and the site's agent looks for them. Needs"
              + " If-Match.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = DeliveryView.class)))
  public Uni<Response> deliver(
      @PathParam("delivery") String id,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = BODY) @Valid MoveRequest request) {
    return service
        .deliver(id, Asker.of(caller, ifMatch), request.reason())
        .map(DeliveryResource::ok);
  }

  @POST
  @Path("/{delivery}/announce")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Say which hosts it brings, by serial",
      description =
          "While ORDERED or SHIPPED; the list replaces the one before and takes the delivery's"
              + " places in its order. Discovery looks for these serials. One that is elsewhere is"
              + " refused with where it is. Needs If-Match.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = DeliveryView.class)))
  public Uni<Response> announce(
      @PathParam("delivery") String id,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body with hosts and reason is required") @Valid
          AnnounceRequest request) {
    return service.announce(id, Asker.of(caller, ifMatch), request).map(DeliveryResource::ok);
  }

  @GET
  @Path("/{delivery}/expected-hosts")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "The hosts announced for a delivery, in the order of their places")
  public Uni<Page<ExpectedHost>> expectedHosts(
      @PathParam("delivery") String id, @BeanParam PageRequest page) {
    return transactions.asPlatform(s -> store.expectedHosts(s, id, page));
  }

  @POST
  @Path("/{delivery}/accept")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Accept a delivery",
      description =
          "From DELIVERED, when each host passed its burn-in or is waived by name or serial with a"
              + " reason; a waived host is RETIRED. Needs If-Match.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = DeliveryView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT; params.openHosts names the hosts still open")
  public Uni<Response> accept(
      @PathParam("delivery") String id,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = BODY) @Valid AcceptRequest request) {
    return service.accept(id, Asker.of(caller, ifMatch), request).map(DeliveryResource::ok);
  }

  @POST
  @Path("/{delivery}/slip")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Give a delivery another due date",
      description =
          "While ORDERED or SHIPPED. The first promised date stays, the history keeps every date."
              + " Needs If-Match.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = DeliveryView.class)))
  public Uni<Response> slip(
      @PathParam("delivery") String id,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = BODY) @Valid SlipRequest request) {
    return service.slip(id, Asker.of(caller, ifMatch), request).map(DeliveryResource::ok);
  }

  private static Response ok(DeliveryView delivery) {
    return Response.ok(delivery).header("ETag", ETags.of(delivery.version())).build();
  }
}
