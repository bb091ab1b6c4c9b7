package dev.gpucloud.tenant.invitations;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.Actor;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Whoever was invited accepts here. */
@Path("/api/v1/invitations")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Invitations")
class AcceptInvitationResource {
  private final Acceptance acceptance;
  private final Caller caller;

  AcceptInvitationResource(Acceptance acceptance, Caller caller) {
    this.acceptance = acceptance;
    this.caller = caller;
  }

  /** The secret that came with the invitation. */
  @Schema(
      name = "AcceptInvitation",
      examples =
          """
          {"token": "gci_mZk3c0m9o0Qn5yq7QW8Yd2b4Zr1T6uX9sV0aB3cD4eF"}""")
  record Accept(@Schema(required = true) @Nullable String token) {
    /** Never in a log. */
    @Override
    public String toString() {
      return "Accept[]";
    }
  }

  @POST
  @Path("/accept")
  @Authenticated
  @Operation(
      summary = "Accept an invitation",
      description =
          "Adds the roles to those that the caller has. The verified e-mail address of the login"
              + " must be the one invited. An invitation is accepted once.")
  @APIResponse(
      responseCode = "200",
      description = "A member now.",
      content = @Content(schema = @Schema(implementation = Acceptance.Accepted.class)))
  @APIResponse(
      responseCode = "403",
      description = "FORBIDDEN: the login has another address, or none that is verified.")
  @APIResponse(responseCode = "404", description = "NOT_FOUND: no invitation has this token.")
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: it is accepted, revoked or too old.")
  public Uni<Acceptance.Accepted> accept(@Nullable Accept body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    String token = body.token();
    if (token == null || !token.startsWith(InvitationToken.PREFIX)) {
      throw ProblemType.VALIDATION_FAILED
          .because("An invitation is accepted with its token.")
          .at("/token", "expected the token of the invitation, which begins with gci_");
    }
    var person = new Acceptance.Person(Actor.of(caller), caller.verifiedEmail());
    return acceptance.accept(new InvitationToken(token), person);
  }
}
