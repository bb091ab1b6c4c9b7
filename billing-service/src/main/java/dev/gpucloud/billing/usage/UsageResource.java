package dev.gpucloud.billing.usage;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.page.PageRequest;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What a tenant or project used in a month, so far when it is the current one. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "usage")
class UsageResource {
  private final UsageService usage;
  private final Caller caller;

  UsageResource(UsageService usage, Caller caller) {
    this.usage = usage;
    this.caller = caller;
  }

  @GET
  @Path("/tenants/{tenant}/usage")
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER, TenantRole.OPERATOR})
  @Operation(summary = "Usage and cost of a tenant's month by project, instance and run")
  public Uni<UsageView> ofTenant(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @QueryParam("month") @Nullable String month,
      @BeanParam PageRequest page) {
    return usage(month, null, page);
  }

  @GET
  @Path("/projects/{project}/usage")
  @Authenticated
  @TenantAccess({
    TenantRole.OWNER,
    TenantRole.BILLING_VIEWER,
    TenantRole.OPERATOR,
    TenantRole.VIEWER
  })
  @Operation(summary = "Usage and cost of a project's month by instance and run")
  public Uni<UsageView> ofProject(
      @PathParam("project")
          @Parameter(
              description = "Id, or slugs as tenant.project.",
              example = "sk-hynix.fab-digital-twin")
          String project,
      @QueryParam("month") @Nullable String month,
      @BeanParam PageRequest page) {
    return usage(month, caller.scope().project().id(), page);
  }

  private Uni<UsageView> usage(
      @Nullable String month, @Nullable ProjectId project, PageRequest page) {
    TenantId tenant = caller.scope().tenantId();
    return usage.usage(month, s -> Uni.createFrom().item(tenant), project, page);
  }
}
