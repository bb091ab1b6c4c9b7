package dev.gpucloud.tenant.me;

import dev.gpucloud.kit.access.ApiKeyAccess;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.KeyGrant;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A caller asks here who it is. */
@Path("/api/v1/me")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Me", description = "The caller.")
class MeResource {
  /** Roles of the realm that mean something here; a token may carry others. */
  private static final Set<String> PLATFORM_ROLES =
      Set.of("platform-admin", "finance", "finance-approver", "auditor", "service");

  private final MeService service;
  private final Caller caller;

  MeResource(MeService service, Caller caller) {
    this.service = service;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @ApiKeyAccess
  @Operation(
      summary = "Who am I",
      description =
          "Platform roles and memberships of the caller; with an API key the key, and at its one"
              + " tenant what it leaves of the roles that the holder has there.")
  @APIResponse(responseCode = "200", description = "The caller.")
  public Uni<MeView> me() {
    KeyGrant key = caller.actor().key();
    return service
        .membershipsOf(caller.subject())
        .chain(
            all ->
                key == null
                    ? Uni.createFrom().item(view(null, all))
                    : service.key(key).map(named -> view(named, within(key, all))));
  }

  private static List<MeView.Membership> within(KeyGrant key, List<MeView.Membership> all) {
    return all.stream()
        .filter(at -> key.tenant().equals(at.tenant().id()))
        .map(at -> at.within(key))
        .toList();
  }

  private MeView view(MeView.@Nullable Key key, List<MeView.Membership> memberships) {
    Set<String> roles = new TreeSet<>(caller.platformRoles());
    roles.retainAll(PLATFORM_ROLES);
    return new MeView(caller.subject(), caller.username(), roles, key, memberships);
  }
}
