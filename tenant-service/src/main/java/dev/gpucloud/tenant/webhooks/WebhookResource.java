package dev.gpucloud.tenant.webhooks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.contracts.id.NotificationId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.idempotency.StoredAnswer;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.notifications.DispatchView;
import dev.gpucloud.tenant.request.Parameters;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.webhooks.engine.WebhookSecret;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.security.SecureRandom;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Owners say here which of their programs are told what people are told. */
@Path("/api/v1/tenants/{tenant}/webhooks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Webhooks", description = "Signed messages to programs of a tenant.")
class WebhookResource {
  private final WebhookService service;
  private final Idempotency idempotency;
  private final Caller caller;
  private final ObjectMapper json;
  private final SecureRandom random = new SecureRandom();

  WebhookResource(
      WebhookService service, Idempotency idempotency, Caller caller, ObjectMapper json) {
    this.service = service;
    this.idempotency = idempotency;
    this.caller = caller;
    this.json = json;
  }

  /** A test that is on its way. */
  @Schema(name = "WebhookTest")
  record Test(
      @Schema(
              implementation = String.class,
              description = "The webhook-id of the message; its dispatch is in the list.")
          NotificationId notificationId) {}

  /** Where a dispatch stands. */
  enum State {
    PENDING,
    SENT,
    DEAD
  }

  @GET
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.OPERATOR})
  @Operation(summary = "List webhooks", description = "Oldest first, without their secrets.")
  @APIResponse(responseCode = "200", description = "A page of webhooks.")
  public Uni<Page<WebhookView>> list(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @BeanParam PageRequest page) {
    return service.list(caller.scope().tenantId(), page);
  }

  @POST
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Make a webhook",
      description =
          "Messages are signed by the Standard Webhooks scheme: webhook-id, webhook-timestamp and"
              + " webhook-signature. Answers the secret once: a repeated request with the same"
              + " Idempotency-Key is answered without it.")
  @APIResponse(
      responseCode = "201",
      description = "Made; secret is shown here and never again.",
      content = @Content(schema = @Schema(implementation = WebhookView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: the tenant has as many webhooks as are allowed.")
  public Uni<Response> create(
      @PathParam("tenant") String tenant,
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      @Nullable WebhookRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    TenantId id = caller.scope().tenantId();
    WebhookSecret secret = newSecret();
    return idempotency
        .tenant(
            id,
            key,
            body,
            session -> service.create(session, id, body, secret).map(WebhookResource::created))
        .map(answer -> withSecret(answer, secret));
  }

  @GET
  @Path("/{webhook}")
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.OPERATOR})
  @Operation(
      summary = "Show a webhook",
      description = "Without its secret; answers with the version as ETag.")
  @APIResponse(
      responseCode = "200",
      description = "The webhook.",
      content = @Content(schema = @Schema(implementation = WebhookView.class)))
  public Uni<RestResponse<WebhookView>> show(
      @PathParam("tenant") String tenant, @PathParam("webhook") String webhook) {
    return service.load(caller.scope().tenantId(), webhook).map(WebhookResource::tagged);
  }

  @PUT
  @Path("/{webhook}")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Change a webhook",
      description =
          "On the version named in If-Match. One that was disabled as it failed for too long is"
              + " enabled again with enabled true.")
  @APIResponse(
      responseCode = "200",
      description = "The webhook as it is now.",
      content = @Content(schema = @Schema(implementation = WebhookView.class)))
  public Uni<RestResponse<WebhookView>> set(
      @PathParam("tenant") String tenant,
      @PathParam("webhook") String webhook,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable WebhookRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return service
        .set(caller.scope().tenantId(), webhook, body, ifMatch)
        .map(WebhookResource::tagged);
  }

  @DELETE
  @Path("/{webhook}")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Delete a webhook",
      description = "On the version named in If-Match; with what it was not told yet.")
  @APIResponse(responseCode = "204", description = "Deleted.")
  public Uni<Void> delete(
      @PathParam("tenant") String tenant,
      @PathParam("webhook") String webhook,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return service.delete(caller.scope().tenantId(), webhook, ifMatch);
  }

  @POST
  @Path("/{webhook}/rotate")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Give a webhook a new secret",
      description =
          "For a while each message is signed with both. Answers the new one once, as making a"
              + " webhook does.")
  @APIResponse(
      responseCode = "200",
      description = "Rotated; secret is shown here and never again.",
      content = @Content(schema = @Schema(implementation = WebhookView.class)))
  public Uni<Response> rotate(
      @PathParam("tenant") String tenant,
      @PathParam("webhook") String webhook,
      @HeaderParam(Idempotency.HEADER) @Nullable String key) {
    TenantId id = caller.scope().tenantId();
    WebhookSecret secret = newSecret();
    return idempotency
        .tenant(
            id,
            key,
            null,
            session -> service.rotate(session, id, webhook, secret).map(WebhookResource::ok))
        .map(answer -> withSecret(answer, secret));
  }

  @POST
  @Path("/{webhook}/test")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Send a test to a webhook",
      description = "A message of the kind webhook.test; how it went is in its dispatches.")
  @APIResponse(
      responseCode = "202",
      description = "On its way.",
      content = @Content(schema = @Schema(implementation = Test.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: the webhook is not ACTIVE.")
  public Uni<Response> test(
      @PathParam("tenant") String tenant,
      @PathParam("webhook") String webhook,
      @HeaderParam(Idempotency.HEADER) @Nullable String key) {
    TenantId id = caller.scope().tenantId();
    return idempotency.tenant(
        id,
        key,
        null,
        session ->
            service
                .test(session, id, webhook)
                .map(sent -> Response.accepted(new Test(sent)).build()));
  }

  @GET
  @Path("/{webhook}/dispatches")
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.OPERATOR})
  @Operation(summary = "List what a webhook was told", description = "Newest first.")
  @APIResponse(responseCode = "200", description = "A page of dispatches with their last status.")
  public Uni<Page<DispatchView>> dispatches(
      @PathParam("tenant") String tenant,
      @PathParam("webhook") String webhook,
      @QueryParam("state")
          @Parameter(
              description = "Only these.",
              schema = @Schema(enumeration = {"PENDING", "SENT", "DEAD"}))
          @Nullable String state,
      @BeanParam PageRequest page) {
    return service.dispatches(
        caller.scope().tenantId(),
        webhook,
        Parameters.oneOf("state", state, State.class).map(Enum::name),
        page);
  }

  private WebhookSecret newSecret() {
    byte[] bytes = new byte[WebhookSecret.BYTES];
    random.nextBytes(bytes);
    return new WebhookSecret(bytes);
  }

  private static Response created(WebhookView view) {
    return Response.status(Response.Status.CREATED)
        .header(
            HttpHeaders.LOCATION,
            "/api/v1/tenants/%s/webhooks/%s".formatted(view.tenantId(), view.id()))
        .header(HttpHeaders.ETAG, ETags.of(view.version()))
        .entity(view)
        .build();
  }

  private static Response ok(WebhookView view) {
    return Response.ok(view).header(HttpHeaders.ETAG, ETags.of(view.version())).build();
  }

  /** Added after the answer was stored, so that the secret is in no table in the clear. */
  private Response withSecret(Response answer, WebhookSecret secret) {
    if (answer.getHeaderString(StoredAnswer.REPLAYED) != null) {
      return answer;
    }
    try {
      ObjectNode body = (ObjectNode) json.readTree((String) answer.getEntity());
      return Response.fromResponse(answer)
          .entity(body.put("secret", secret.text()).toString())
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RestResponse<WebhookView> tagged(WebhookView view) {
    return RestResponse.ResponseBuilder.ok(view)
        .header(HttpHeaders.ETAG, ETags.of(view.version()))
        .build();
  }
}
