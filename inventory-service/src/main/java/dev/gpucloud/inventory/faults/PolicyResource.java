package dev.gpucloud.inventory.faults;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What XID codes ask for, for platform admins. */
@Path("/api/v1/admin/fault-policies")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Faults")
public class PolicyResource {
  private static final String IF_MATCH = "If-Match";

  private final Transactions transactions;
  private final Caller caller;
  private final InstantSource business;

  PolicyResource(Transactions transactions, Caller caller, @Business InstantSource business) {
    this.transactions = transactions;
    this.caller = caller;
    this.business = business;
  }

  /** All policies. */
  public record PoliciesView(List<PolicyView> items) {}

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "What each XID code asks for",
      description = "A code that is not listed is watched. The list is short and has no pages.")
  public Uni<PoliciesView> list() {
    return transactions.asPlatform(Policies::all).map(PoliciesView::new);
  }

  @GET
  @Path("/{xid}")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "What one XID code asks for")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = PolicyView.class)))
  public Uni<Response> get(@PathParam("xid") String xid) {
    int code = code(xid);
    return transactions.asPlatform(s -> Policies.load(s, code)).map(PolicyResource::ok);
  }

  @PUT
  @Path("/{xid}")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Decide what an XID code asks for from now on",
      description = "Stands in the place of the product's own rule. Needs If-Match.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = PolicyView.class)))
  public Uni<Response> set(
      @PathParam("xid") String xid,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body is required") @Valid SetPolicyRequest body) {
    int code = code(xid);
    String actor = caller.username();
    return transactions
        .asPlatform(
            s ->
                Policies.load(s, code)
                    .invoke(policy -> ETags.require(ifMatch, policy.version()))
                    .chain(() -> Policies.set(s, code, body, actor, business.instant()))
                    .chain(() -> Policies.load(s, code)))
        .map(PolicyResource::ok);
  }

  @DELETE
  @Path("/{xid}")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Let the product's own rule for an XID code count again",
      description = "If-Match is accepted, not needed. Answers the rule that counts then.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = PolicyView.class)))
  public Uni<Response> forget(
      @PathParam("xid") String xid, @HeaderParam(IF_MATCH) @Nullable String ifMatch) {
    int code = code(xid);
    return transactions
        .asPlatform(
            s ->
                Policies.load(s, code)
                    .invoke(policy -> ETags.check(ifMatch, policy.version()))
                    .chain(() -> Policies.forget(s, code))
                    .chain(() -> Policies.load(s, code)))
        .map(PolicyResource::ok);
  }

  private static int code(String text) {
    if (text.matches("[1-9][0-9]{0,3}")) {
      return Integer.parseInt(text);
    }
    throw ProblemType.INVALID_PARAMETER
        .because("An XID code is a whole number from 1 to 9999.")
        .at("xid", "must be a whole number from 1 to 9999");
  }

  private static Response ok(PolicyView policy) {
    return Response.ok(policy).header("ETag", ETags.of(policy.version())).build();
  }
}
