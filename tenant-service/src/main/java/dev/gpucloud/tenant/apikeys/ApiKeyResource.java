package dev.gpucloud.tenant.apikeys;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.key.ApiKey;
import dev.gpucloud.kit.access.ApiKeyAccess;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.idempotency.StoredAnswer;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.request.Refusals;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
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
import org.jspecify.annotations.Nullable;

/** Members make and end their own keys here, owners those of everybody and of service accounts. */
@Path("/api/v1/tenants/{tenant}/api-keys")
@Produces(MediaType.APPLICATION_JSON)
@ApiKeyAccess(false)
@Tag(name = "API keys", description = "Keys for machines: never more than their holder has.")
class ApiKeyResource {
  private final ApiKeyService service;
  private final Idempotency idempotency;
  private final Caller caller;
  private final ObjectMapper json;
  private final SecureRandom random = new SecureRandom();

  ApiKeyResource(ApiKeyService service, Idempotency idempotency, Caller caller, ObjectMapper json) {
    this.service = service;
    this.idempotency = idempotency;
    this.caller = caller;
    this.json = json;
  }

  @GET
  @Authenticated
  @TenantAccess(
      value = {TenantRole.OWNER, TenantRole.OPERATOR, TenantRole.VIEWER, TenantRole.BILLING_VIEWER},
      projectMembers = true)
  @Operation(
      summary = "List API keys",
      description = "Oldest first, ended ones included. Owners see all, others their own.")
  @APIResponse(responseCode = "200", description = "A page of keys, without their secrets.")
  public Uni<Page<ApiKeyView>> list(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @BeanParam PageRequest page) {
    return service.list(asker(), page);
  }

  @POST
  @Authenticated
  @TenantAccess(
      value = {TenantRole.OWNER, TenantRole.OPERATOR, TenantRole.VIEWER, TenantRole.BILLING_VIEWER},
      projectMembers = true)
  @Operation(
      summary = "Make an API key",
      description =
          "Answers the key once: a repeated request with the same Idempotency-Key is answered"
              + " without it, for only its hash is stored. Send it as Authorization: Bearer gck_...")
  @APIResponse(
      responseCode = "201",
      description = "Made; key is shown here and never again.",
      content = @Content(schema = @Schema(implementation = ApiKeyView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: the holder has as many keys as are allowed.")
  @APIResponse(
      responseCode = "422",
      description =
          "UNPROCESSABLE: a role is more than the holder has; UNKNOWN_REFERENCE: no such project"
              + " or service account.")
  public Uni<Response> create(
      @PathParam("tenant") String tenant,
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String idempotencyKey,
      @Nullable CreateApiKeyRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    byte[] secret = new byte[ApiKey.SECRET_BYTES];
    random.nextBytes(secret);
    ApiKey key = ApiKey.of(new ApiKeyId(Ids.next()), secret);
    ApiKeyService.Asker asker = asker();
    return idempotency
        .tenant(
            asker.tenant(),
            idempotencyKey,
            body,
            session -> service.create(session, asker, key, body).map(this::created))
        .map(answer -> withSecret(answer, key));
  }

  private Response created(ApiKeyView view) {
    return Response.status(Response.Status.CREATED)
        .header(
            HttpHeaders.LOCATION,
            "/api/v1/tenants/%s/api-keys/%s".formatted(caller.scope().tenantId(), view.id()))
        .entity(view)
        .build();
  }

  /** Added after the answer was stored, so that the secret is in no table. */
  private Response withSecret(Response answer, ApiKey key) {
    if (answer.getHeaderString(StoredAnswer.REPLAYED) != null) {
      return answer;
    }
    try {
      ObjectNode body = (ObjectNode) json.readTree((String) answer.getEntity());
      return Response.fromResponse(answer).entity(body.put("key", key.text()).toString()).build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @GET
  @Path("/{key}")
  @Authenticated
  @TenantAccess(
      value = {TenantRole.OWNER, TenantRole.OPERATOR, TenantRole.VIEWER, TenantRole.BILLING_VIEWER},
      projectMembers = true)
  @Operation(summary = "Show an API key", description = "Without its secret.")
  @APIResponse(responseCode = "200", description = "The key.")
  public Uni<ApiKeyView> show(@PathParam("tenant") String tenant, @PathParam("key") String key) {
    return service.load(asker(), key);
  }

  @DELETE
  @Path("/{key}")
  @Authenticated
  @TenantAccess(
      value = {TenantRole.OWNER, TenantRole.OPERATOR, TenantRole.VIEWER, TenantRole.BILLING_VIEWER},
      projectMembers = true)
  @Operation(
      summary = "Revoke an API key",
      description = "For good; acts in every service within 5 seconds. May be repeated.")
  @APIResponse(responseCode = "204", description = "Revoked.")
  public Uni<Void> revoke(@PathParam("tenant") String tenant, @PathParam("key") String key) {
    return service.revoke(asker(), key);
  }

  private ApiKeyService.Asker asker() {
    return new ApiKeyService.Asker(
        caller.scope().tenantId(),
        caller.subject(),
        caller.username(),
        caller.scope().roles().contains(TenantRole.OWNER));
  }
}
