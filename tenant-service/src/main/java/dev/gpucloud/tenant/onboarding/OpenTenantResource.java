package dev.gpucloud.tenant.onboarding;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.tenant.directory.People;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.tenants.Actor;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantView;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Platform admins open single tenants here. */
@Path("/api/v1/admin/tenants")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Onboarding", description = "Platform admins open tenants, singly or by document.")
class OpenTenantResource {
  private final Onboarding onboarding;
  private final Idempotency idempotency;
  private final OnboardingConfig config;
  private final People people;
  private final Caller caller;

  OpenTenantResource(
      Onboarding onboarding,
      Idempotency idempotency,
      OnboardingConfig config,
      People people,
      Caller caller) {
    this.onboarding = onboarding;
    this.idempotency = idempotency;
    this.config = config;
    this.people = people;
    this.caller = caller;
  }

  @POST
  @RolesAllowed("platform-admin")
  @Consumes({MediaType.APPLICATION_JSON, "application/yaml"})
  @Operation(
      summary = "Open a tenant",
      description =
          "Opens an ACTIVE tenant with its projects, quotas and members, all at once or not at all."
              + " Every violation is reported, each with a JSON pointer. A member's subject that the"
              + " identity provider does not know is one, where it answers.")
  @RequestBody(
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = TenantDeclaration.class)))
  @APIResponse(
      responseCode = "201",
      description = "Opened; Location is the tenant's address, ETag its version.",
      content = @Content(schema = @Schema(implementation = TenantView.class)))
  @APIResponse(responseCode = "409", description = "ALREADY_EXISTS: the slug is in use.")
  public Uni<Response> open(
      byte @Nullable [] body,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) @Parameter(hidden = true) MediaType type,
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key) {
    JsonNode document = Documents.parse(body, type, config.maxBytes());
    Actor by = Actor.of(caller);
    return people
        .strangers(subjects(document))
        .chain(
            strangers ->
                idempotency.platform(
                    key,
                    document,
                    session ->
                        onboarding
                            .open(session, request(document, strangers, by))
                            .map(OpenTenantResource::opened)));
  }

  /** Asked for before the transaction: nobody is called inside one. */
  private static List<String> subjects(JsonNode document) {
    return new DeclarationReader(new Violations())
        .readTenant(document, "").stream()
            .flatMap(tenant -> tenant.members().stream())
            .map(Declared.Member::subject)
            .toList();
  }

  private static Onboarding.Request request(JsonNode document, Set<String> strangers, Actor by) {
    var violations = new Violations();
    List<Declared> declared =
        new DeclarationReader(violations).readTenant(document, "").stream().toList();
    if (declared.isEmpty()) {
      throw ProblemType.VALIDATION_FAILED
          .because("A tenant is a JSON object.")
          .at("", "expected an object");
    }
    Declared tenant = declared.getFirst();
    tenant.members().stream()
        .filter(member -> strangers.contains(member.subject()))
        .forEach(member -> violations.add(member.at() + "/subject", stranger(tenant)));
    return new Onboarding.Request(declared, violations, by);
  }

  private static String stranger(Declared tenant) {
    return "the identity provider knows nobody with this id; leave the member out and invite the"
        + " person by e-mail: gpucloud tenants invite %s EMAIL".formatted(tenant.spec().slug());
  }

  private static Response opened(TenantEntity tenant) {
    return Response.status(Response.Status.CREATED)
        .header(HttpHeaders.LOCATION, "/api/v1/tenants/" + tenant.id())
        .header(HttpHeaders.ETAG, ETags.of(tenant.version()))
        .entity(TenantView.of(tenant))
        .build();
  }
}
