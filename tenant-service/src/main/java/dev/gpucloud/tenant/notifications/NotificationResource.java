package dev.gpucloud.tenant.notifications;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.notifications.NotificationSettings.SettingsView;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.request.Parameters;
import dev.gpucloud.tenant.request.Refusals;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Members read here what people of their tenant were told, and owners choose the language. */
@Path("/api/v1/tenants/{tenant}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Notifications", description = "What people must know, by e-mail and webhook.")
class NotificationResource {
  private final NotificationQueries queries;
  private final NotificationSettings settings;
  private final Caller caller;

  NotificationResource(NotificationQueries queries, NotificationSettings settings, Caller caller) {
    this.queries = queries;
    this.settings = settings;
    this.caller = caller;
  }

  /** What a notification's dispatches have come to. */
  enum State {
    PENDING,
    SENT,
    DEAD,
    NOBODY
  }

  @GET
  @Path("/notifications")
  @Authenticated
  @TenantAccess({
    TenantRole.OWNER,
    TenantRole.OPERATOR,
    TenantRole.VIEWER,
    TenantRole.BILLING_VIEWER
  })
  @Operation(
      summary = "List notifications",
      description = "Newest first. Owners see all of the tenant, others those sent to them.")
  @APIResponse(responseCode = "200", description = "A page of notifications.")
  public Uni<Page<NotificationView>> list(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @QueryParam("kind") @Parameter(description = "Only this kind, such as tenant.suspended.")
          @Nullable String kind,
      @QueryParam("state")
          @Parameter(
              description = "Only these.",
              schema = @Schema(enumeration = {"PENDING", "SENT", "DEAD", "NOBODY"}))
          @Nullable String state,
      @BeanParam PageRequest page) {
    boolean owner = caller.scope().roles().contains(TenantRole.OWNER);
    var filter =
        new NotificationQueries.Filter(
            caller.scope().tenantId(),
            owner ? null : caller.subject(),
            kind(kind),
            Parameters.oneOf("state", state, State.class).map(Enum::name));
    return queries.list(filter, page);
  }

  private static Optional<String> kind(@Nullable String word) {
    if (word != null && NotificationKind.ofWord(word).isEmpty()) {
      throw ProblemType.INVALID_PARAMETER
          .because("The parameter kind has an unknown value.")
          .at("kind", "expected one of " + NotificationKind.words());
    }
    return Optional.ofNullable(word);
  }

  @GET
  @Path("/notification-settings")
  @Authenticated
  @TenantAccess({
    TenantRole.OWNER,
    TenantRole.OPERATOR,
    TenantRole.VIEWER,
    TenantRole.BILLING_VIEWER
  })
  @Operation(
      summary = "Show how the tenant's people are written to",
      description = "Answers with the version as ETag; 0 until an owner chose something.")
  @APIResponse(
      responseCode = "200",
      description = "The settings.",
      content = @Content(schema = @Schema(implementation = SettingsView.class)))
  public Uni<RestResponse<SettingsView>> settings(@PathParam("tenant") String tenant) {
    return settings.load(caller.scope().tenantId()).map(NotificationResource::tagged);
  }

  @PUT
  @Path("/notification-settings")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Choose how the tenant's people are written to",
      description =
          "On the version named in If-Match. Who chose a language at the identity provider is"
              + " written to in that one.")
  @APIResponse(
      responseCode = "200",
      description = "The settings as they are now.",
      content = @Content(schema = @Schema(implementation = SettingsView.class)))
  public Uni<RestResponse<SettingsView>> choose(
      @PathParam("tenant") String tenant,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      NotificationSettings.@Nullable Choice body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return settings
        .choose(caller.scope().tenantId(), body, ifMatch)
        .map(NotificationResource::tagged);
  }

  private static RestResponse<SettingsView> tagged(SettingsView view) {
    return RestResponse.ResponseBuilder.ok(view)
        .header(HttpHeaders.ETAG, ETags.of(view.version()))
        .build();
  }
}
