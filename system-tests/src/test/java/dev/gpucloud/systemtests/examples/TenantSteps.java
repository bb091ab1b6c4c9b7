package dev.gpucloud.systemtests.examples;

import static dev.gpucloud.systemtests.examples.Users.ADMIN;
import static dev.gpucloud.systemtests.examples.Users.APPROVER;
import static dev.gpucloud.systemtests.examples.Users.NEWCOMER;
import static dev.gpucloud.systemtests.examples.Users.OPERATOR;
import static dev.gpucloud.systemtests.examples.Users.OWNER;
import static dev.gpucloud.systemtests.examples.Users.PARENT_OWNER;
import static dev.gpucloud.systemtests.examples.Users.PROJECT;
import static dev.gpucloud.systemtests.examples.Users.TENANT;

/** Tenants and their people: opened, asked for, furnished, suspended and closed. */
final class TenantSteps {
  private static final String OPENED = "saebyeok-bio";
  private static final String IMPORTED = "namu-games";
  private static final String ASKED_FOR = "dalbit-vision";
  private static final String MODEL = "b200-sxm-180g";
  private static final String QUOTAS = "/api/v1/tenants/{tenant}/quotas/{model}";

  private final Tour tour;
  private final World world;

  TenantSteps(Tour tour, World world) {
    this.tour = tour;
    this.world = world;
  }

  void walk() {
    byThePlatform();
    onRequest();
    byTheirOwners();
    quotas();
  }

  private void byThePlatform() {
    tour.send("POST /api/v1/admin/tenants", ADMIN);
    tour.send("POST /api/v1/admin/imports/tenants", ADMIN);
    tour.send("PATCH /api/v1/admin/tenants/{tenant}", ADMIN, OPENED);
    String credit =
        tour.send("POST /api/v1/admin/tenants/{tenant}/credits", ADMIN, OPENED).path("id").asText();
    tour.send(
        "POST /api/v1/admin/tenants/{tenant}/credits/{credit}/withdraw", ADMIN, OPENED, credit);
    tour.send("POST /api/v1/admin/tenants/{tenant}/invitations", ADMIN, OPENED);
    tour.send("POST /api/v1/invitations/accept", NEWCOMER);
    tour.send("PUT " + QUOTAS, ADMIN, OPENED, MODEL);
    tour.send("PUT /api/v1/tenants/{tenant}/budgets/{model}", ADMIN, TENANT, MODEL);
    tour.send("POST /api/v1/admin/tenants/{tenant}/suspend", ADMIN, OPENED);
    tour.send("POST /api/v1/admin/tenants/{tenant}/close", ADMIN, IMPORTED);
  }

  private void onRequest() {
    String wanted = tour.send("POST /api/v1/tenant-applications", NEWCOMER).path("id").asText();
    tour.send("POST /api/v1/admin/tenant-applications/{application}/approve", ADMIN, wanted);
    String unwanted =
        tour.prepare(
                "POST /api/v1/tenant-applications",
                APPROVER,
                """
                {"slug": "another-vision", "name": "Another Vision", "kind": "EXTERNAL",
                 "segment": "STARTUP", "billingMode": "EXTERNAL",
                 "businessNumber": "000-00-00091",
                 "contacts": {"billing": {"email": "park.seoyeon@example.com"}}}""")
            .path("id")
            .asText();
    tour.send("POST /api/v1/admin/tenant-applications/{application}/reject", ADMIN, unwanted);
    tour.known().learn("/api/v1/tenant-applications/{application}", wanted);
    tour.await(NEWCOMER, "/api/v1/tenants/" + ASKED_FOR, "/state", "ACTIVE");
    String asked =
        tour.send("POST /api/v1/tenants/{tenant}/quota-requests", NEWCOMER, ASKED_FOR)
            .path("id")
            .asText();
    tour.send("POST /api/v1/admin/quota-requests/{request}/decide", ADMIN, asked);
    tour.send("POST /api/v1/tenants/{tenant}/invitations", NEWCOMER, ASKED_FOR);
    tour.send("POST /api/v1/tenants/{tenant}/close", NEWCOMER, ASKED_FOR);
  }

  private void byTheirOwners() {
    member();
    tour.send("PATCH /api/v1/tenants/{tenant}", OWNER, TENANT);
    tour.send("PUT /api/v1/tenants/{tenant}/notification-settings", OWNER, TENANT);
    tour.send("POST /api/v1/tenants/{tenant}/api-keys", OPERATOR, TENANT);
    String account =
        tour.send("POST /api/v1/tenants/{tenant}/service-accounts", OWNER, TENANT)
            .path("id")
            .asText();
    tour.send("PUT /api/v1/tenants/{tenant}/service-accounts/{account}", OWNER, TENANT, account);
    String webhook =
        tour.send("POST /api/v1/tenants/{tenant}/webhooks", OWNER, TENANT).path("id").asText();
    tour.send("PUT /api/v1/tenants/{tenant}/webhooks/{webhook}", OWNER, TENANT, webhook);
    tour.send("POST /api/v1/me/ssh-keys", OPERATOR);
    tour.send("POST /api/v1/projects/{project}/invitations", OWNER, PROJECT);
    tour.send("POST /api/v1/tenants/{tenant}/projects", OWNER, TENANT);
    String project = "yield-forecast";
    tour.send("PATCH /api/v1/tenants/{tenant}/projects/{projectSlugOrId}", OWNER, TENANT, project);
    tour.send(
        "POST /api/v1/tenants/{tenant}/projects/{projectSlugOrId}/ssh-keys",
        OWNER,
        TENANT,
        project);
    tour.send(
        "PUT /api/v1/tenants/{tenant}/projects/{projectSlugOrId}/quotas/{model}",
        OWNER,
        TENANT,
        project,
        MODEL);
    tour.send(
        "PUT /api/v1/tenants/{tenant}/projects/{projectSlugOrId}/budgets/{model}",
        OWNER,
        TENANT,
        project,
        MODEL);
  }

  /** The example takes from an operator what others of the scenario rely on. */
  private void member() {
    String member = "PUT /api/v1/tenants/{tenant}/members/{subject}";
    String subject = world.subject("sk-telecom-operator");
    tour.send(member, "sk-telecom-owner", "sk-telecom", subject);
    tour.prepare(
        member,
        "sk-telecom-owner",
        """
        {"username": "sk-telecom-operator", "roles": ["OPERATOR", "BILLING_VIEWER"]}""",
        "sk-telecom",
        subject);
  }

  private void quotas() {
    String asked =
        tour.send("POST /api/v1/tenants/{tenant}/quota-requests", OWNER, TENANT)
            .path("id")
            .asText();
    tour.send(
        "POST /api/v1/tenants/{tenant}/child-quota-requests/{request}/decide",
        PARENT_OWNER,
        "sk-group",
        asked);
    tour.known().learn(QUOTAS, TENANT, MODEL);
    tour.known().learn("/api/v1/admin/tenants/{tenant}/quotas/{model}", TENANT, MODEL);
  }
}
