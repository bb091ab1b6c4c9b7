package dev.gpucloud.tenant.onboarding;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.tenants.Actor;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Platform admins import documents of tenants here. */
@Path("/api/v1/admin/imports/tenants")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Onboarding")
class ImportTenantsResource {
  private final Onboarding onboarding;
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final OnboardingConfig config;
  private final Caller caller;

  ImportTenantsResource(
      Onboarding onboarding,
      Transactions transactions,
      Idempotency idempotency,
      OnboardingConfig config,
      Caller caller) {
    this.onboarding = onboarding;
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.config = config;
    this.caller = caller;
  }

  @POST
  @RolesAllowed("platform-admin")
  @Consumes({
    MediaType.APPLICATION_JSON,
    "application/yaml",
    "application/x-yaml",
    "text/yaml",
    "text/x-yaml"
  })
  @Operation(
      summary = "Import tenants",
      description =
          "Makes every tenant of the document exist as declared, all or none, and reports all"
              + " violations at once. Repeatable: what is as declared already gets no new version"
              + " and no event, so the same document sent again changes nothing. What the document"
              + " does not mention stays. An Idempotency-Key is accepted and not needed.")
  @RequestBody(
      content = {
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = TenantDeclaration.Document.class)),
        @Content(
            mediaType = "application/yaml",
            schema = @Schema(implementation = TenantDeclaration.Document.class))
      })
  @APIResponse(
      responseCode = "200",
      description = "Done, with counts.",
      content = @Content(schema = @Schema(implementation = ImportReport.class)))
  @APIResponse(
      responseCode = "400",
      description = "VALIDATION_FAILED: the document is wrong; nothing was changed.")
  @APIResponse(
      responseCode = "422",
      description =
          "UNPROCESSABLE: the document does not fit what exists (unknown parent, cycle, quota above"
              + " the parent's, business number or billing mode of another's account); nothing was"
              + " changed.")
  public Uni<Response> importTenants(
      byte @Nullable [] body,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) @Parameter(hidden = true) MediaType type,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @QueryParam("validateOnly")
          @DefaultValue("false")
          @Parameter(description = "Check the document for real, keep nothing.")
          boolean validateOnly) {
    JsonNode document = Documents.parse(body, type, config.maxBytes());
    Actor by = Actor.of(caller);
    if (key != null && !validateOnly) {
      return idempotency.platform(key, document, session -> settle(session, document, by, false));
    }
    return transactions.asPlatform(session -> settle(session, document, by, validateOnly));
  }

  private Uni<Response> settle(
      Mutiny.Session session, JsonNode document, Actor by, boolean validateOnly) {
    var violations = new Violations();
    List<Declared> declared =
        new DeclarationReader(violations).readDocument(document, config.maxTenants());
    if (validateOnly) {
      session.currentTransaction().markForRollback();
    }
    return onboarding
        .settle(session, new Onboarding.Request(declared, violations, by))
        .map(tallies -> Response.ok(tallies.report(validateOnly)).build());
  }
}
