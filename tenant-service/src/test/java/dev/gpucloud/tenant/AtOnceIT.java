package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.withKey;

import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.TenantService;
import org.junit.jupiter.api.RepeatedTest;

/** What was answered holds for the next request; nothing here waits. */
@TenantService
class AtOnceIT {
  @RepeatedTest(15)
  void whoeverIsLetInMayActWithTheNextRequest() {
    Tenant tenant = openTenant("atonce");
    String path = "/tenants/" + tenant.slug();
    answered(200, tenant.as("owner").get(path));
    answered(200, tenant.as("owner").get("/tenants/" + tenant.id()));
    answered(200, tenant.as("project-owner").get(path + "/projects/training"));

    String person = tenant.slug() + "-lee";
    refused(as(person).get(path), 404, "NOT_FOUND");
    tenant.join(person, "'roles': ['VIEWER']");
    answered(200, as(person).get(path));

    answered(
        201,
        json(withKey(tenant.as("owner")), "{'slug': 'lab', 'name': 'Lab'}")
            .post(path + "/projects"));
    answered(200, tenant.as("owner").get("/projects/" + tenant.slug() + ".lab/invitations"));
  }

  @RepeatedTest(15)
  void whoeverLosesARoleMayNotActWithTheNextRequest() {
    Tenant tenant = openTenant("notonce");
    String path = "/tenants/" + tenant.slug();
    String viewer = path + "/members/" + tenant.slug() + "-viewer";
    answered(200, tenant.as("viewer").get(path));
    refused(tenant.as("viewer").get(path + "/invitations"), 403, "FORBIDDEN");

    answered(
        200,
        json(
                tenant.as("owner").header("If-Match", "\"1\""),
                "{'username': 'v', 'roles': ['OWNER']}")
            .put(viewer));
    answered(200, tenant.as("viewer").get(path + "/invitations"));
    answered(
        200,
        json(
                tenant.as("owner").header("If-Match", "\"2\""),
                "{'username': 'v', 'roles': ['VIEWER']}")
            .put(viewer));
    refused(tenant.as("viewer").get(path + "/invitations"), 403, "FORBIDDEN");

    answered(204, tenant.as("owner").header("If-Match", "\"3\"").delete(viewer));
    refused(tenant.as("viewer").get(path), 404, "NOT_FOUND");
    answered(200, tenant.as("operator").get(path));
    answered(204, tenant.as("operator").delete("/me/memberships/" + tenant.slug()));
    refused(tenant.as("operator").get(path), 404, "NOT_FOUND");
  }
}
