package dev.gpucloud.cli;

import dev.gpucloud.client.api.ApiKeysApi;
import dev.gpucloud.client.api.AuditApi;
import dev.gpucloud.client.api.GrantCallsApi;
import dev.gpucloud.client.api.InstancesApi;
import dev.gpucloud.client.api.InvitationsApi;
import dev.gpucloud.client.api.NotificationsApi;
import dev.gpucloud.client.api.OffersApi;
import dev.gpucloud.client.api.OnboardingApi;
import dev.gpucloud.client.api.QuotasApi;
import dev.gpucloud.client.api.VolumesApi;
import java.util.List;
import java.util.Map;

/** What groups that have classes of their own do beside, by a description alone. */
final class MoreVerbs {
  private static final Columns INVITATIONS =
      new Columns()
          .text("E-MAIL", "email")
          .left("ROLES", row -> TenantCommand.roles(row, id -> id))
          .text("STATE", "state")
          .time("UNTIL (SEOUL)", "expiresAt")
          .text("ID", "id");

  private MoreVerbs() {}

  /** By the group that they are added to. */
  static Map<String, Resource> byGroup() {
    return Map.of(
        "instances", instances(),
        "volumes", volumes(),
        "instance-types", instanceTypes(),
        "api-keys", apiKeys(),
        "notifications", notifications(),
        "audit", audit(),
        "grants", grants(),
        "quotas", quotas());
  }

  /** Groups inside another group, by the name of that. */
  static Map<String, Resource> insideGroups() {
    return Map.of(
        "tenants", tenantInvitations(),
        "projects", projectInvitations(),
        "notifications", dispatches());
  }

  private static Resource instances() {
    return new Resource("instances", "")
        .in(Resource.Scope.PROJECT)
        .item("INSTANCE", "train-1", "Its id or name.")
        .shownBy(n -> InstancesApi.instanceResourceGet(n.item(), n.scope()))
        .rows(
            "history",
            "What happened to it, first to last.",
            n -> InstancesApi.instanceResourceHistory(n.item(), n.scope()),
            new Columns()
                .time("AT (SEOUL)", "at")
                .text("WHAT", "type")
                .text("STATE", "state")
                .text("BY", "actor")
                .text("REASON", "reason"))
        .part(
            "setup",
            "What it is beside its GPUs.",
            n -> InstancesApi.setupResourceSetup(n.item(), n.scope()))
        .part(
            "acceptance-report",
            "What its GPUs reached before they came into service.",
            n -> InstancesApi.acceptanceReportResourceGet(n.item(), n.scope()))
        .act(
            "edit",
            "Change its name or labels.",
            n -> InstancesApi.instanceResourceUpdate(n.item(), n.scope()),
            Input.text("name", "NAME", "train-2", "The name it shall have."),
            Input.of(
                    Input.Kind.LABELS,
                    "label",
                    "NAME=VALUE",
                    "run=spring",
                    "A label it shall have; may be repeated. These replace all others, 'none' them"
                        + " all.")
                .into("labels"))
        .act(
            "allow",
            "Say who may connect to it; nobody else may.",
            n -> InstancesApi.setupResourceAllow(n.item(), n.scope()),
            Input.of(
                    Input.Kind.RULES,
                    "rule",
                    "PROTOCOL:PORTS:CIDR",
                    "tcp:22:203.0.113.0/24",
                    "Such as tcp:22:203.0.113.0/24 or udp:8000-8010:0.0.0.0/0; may be repeated,"
                        + " 'none' for nobody.")
                .into("rules")
                .must())
        .awaits(
            "RUNNING",
            "Come back when an instance is in a state.",
            List.of(
                "PENDING",
                "PROVISIONING",
                "RUNNING",
                "STOPPING",
                "STOPPED",
                "STARTING",
                "DELETING",
                "DELETED",
                "FAILED"));
  }

  private static Resource volumes() {
    return new Resource("volumes", "")
        .in(Resource.Scope.PROJECT)
        .item("VOLUME", "vol_0199e2a0-7f00-7000-8000-000000000001", "Its id.")
        .show("One volume.", n -> VolumesApi.volumeResourceGet(n.scope(), n.item()))
        .awaits(
            "AVAILABLE",
            "Come back when a volume is in a state.",
            List.of("AVAILABLE", "IN_USE", "DELETING", "DELETED"));
  }

  private static Resource instanceTypes() {
    return new Resource("instance-types", "")
        .item("TYPE", "b200.8x", "Id of the type.")
        .show(
            "One type: its shape, its price and where it fits.",
            n -> OffersApi.offerResourceType(n.item()));
  }

  private static Resource apiKeys() {
    return new Resource("api-keys", "")
        .in(Resource.Scope.TENANT)
        .item("KEY", "key_0199e2a0-7f00-7000-8000-000000000001", "Its id.")
        .show(
            "One key, without its secret.",
            n -> ApiKeysApi.apiKeyResourceShow(n.item(), n.scope()));
  }

  private static Resource notifications() {
    return new Resource("notifications", "")
        .in(Resource.Scope.TENANT)
        .act(
            new Verb(
                Verb.Kind.SHOW,
                "settings",
                "How the tenant's people are written to.",
                n -> NotificationsApi.notificationResourceSettings(n.scope())))
        .act(
            new Verb(
                    Verb.Kind.ACT,
                    "set-language",
                    "Choose the language in which they are written to.",
                    n -> NotificationsApi.notificationResourceChoose(n.scope()))
                .takes(Input.of(Input.Kind.CODE, "language", "LANGUAGE", "ko", "ko or en.").must())
                .onWhatIsSeen(n -> NotificationsApi.notificationResourceSettings(n.scope())));
  }

  private static Resource dispatches() {
    return new Resource(
            "dispatches", "Mails and webhook calls of all tenants, with how they went (platform).")
        .item("DISPATCH", "ndp_0199e2a0-7f00-7000-8000-000000000001", "Its id.")
        .columns(
            new Columns()
                .text("KIND", "kind")
                .text("STATE", "state")
                .text("CHANNEL", "channel")
                .number("TRIES", "attempts")
                .text("PROBLEM", "problem")
                .text("ID", "id"))
        .list(
            "All of them.",
            n -> NotificationsApi.adminDispatchResourceList(),
            Input.of(Input.Kind.CODE, "state", "STATE", "DEAD", "Only PENDING, SENT or DEAD ones."))
        .act("retry", "Try one again.", n -> NotificationsApi.adminDispatchResourceRetry(n.item()));
  }

  private static Resource audit() {
    return new Resource("audit", "")
        .act(
            new Verb(
                    Verb.Kind.LIST,
                    "checkpoints",
                    "The signed checkpoints that prove the log.",
                    n -> AuditApi.adminAuditResourceListAuditCheckpoints())
                .rows(
                    new Columns()
                        .time("AT (SEOUL)", "at")
                        .number("ENTRIES", "count")
                        .text("KEY", "keyId")
                        .text("HASH", "hash")));
  }

  private static Resource grants() {
    Columns assignments =
        new Columns()
            .text("APPLICANT", "applicant")
            .text("CATEGORY", "category")
            .text("GPU MODEL", "model")
            .number("GPUS", "gpus")
            .number("POINTS", "points")
            .text("STATE", "state")
            .text("APPLICATION", "applicationId");
    return new Resource("grants", "")
        .item("CALL", "2027-spring", "Slug or id of the call.")
        .rows(
            "to-review",
            "What a reviewer is given to judge in a call.",
            n -> GrantCallsApi.grantCallResourceListToReview(n.item()),
            assignments)
        .act(
            new Verb(
                    Verb.Kind.SHOW,
                    "application",
                    "One application as a reviewer sees it.",
                    n -> GrantCallsApi.grantCallResourceShowToReview(n.second(), n.item()))
                .names(
                    new Verb.Argument("CALL", "2027-spring", "Slug or id of the call."),
                    new Verb.Argument("APPLICATION", "gap_1", "Id of the application.")));
  }

  private static Resource quotas() {
    return new Resource("quotas", "")
        .in(Resource.Scope.TENANT)
        .act(
            new Verb(
                    Verb.Kind.LIST,
                    "limits",
                    "The limits that are set, of a tenant and its projects.",
                    n -> QuotasApi.quotaResourceList(n.scope()))
                .orAsStaff(n -> QuotasApi.adminQuotaResourceListForPlatform(n.scope()))
                .rows(
                    new Columns()
                        .text("GPU MODEL", "model")
                        .text("PROJECT", "projectId")
                        .text("SITE", "site")
                        .number("LIMIT", "limitGpus")
                        .number("GUARANTEED", "guaranteedGpus")
                        .number("MAY BORROW", "borrowLimitGpus")));
  }

  private static Resource tenantInvitations() {
    return new Resource("invitations", "Invitations to any tenant (platform).")
        .item("TENANT", "sk-hynix", "Slug or id.")
        .act(
            new Verb(
                    Verb.Kind.LIST,
                    "list",
                    "All of a tenant.",
                    n -> OnboardingApi.adminInvitationResourceListOfTenant(n.item()))
                .names(new Verb.Argument("TENANT", "sk-hynix", "Slug or id."))
                .rows(INVITATIONS))
        .act(
            new Verb(
                    Verb.Kind.ACT,
                    "revoke",
                    "Nobody can accept it any more.",
                    n -> OnboardingApi.adminInvitationResourceRevokeOfTenant(n.second(), n.item()))
                .names(
                    new Verb.Argument("TENANT", "sk-hynix", "Slug or id."),
                    new Verb.Argument("INVITATION", "ivt_1", "Its id.")));
  }

  private static Resource projectInvitations() {
    return new Resource("invitations", "Invitations to a project alone (its owners).")
        .in(Resource.Scope.PROJECT)
        .item("INVITATION", "ivt_1", "Its id.")
        .columns(INVITATIONS)
        .list("All of a project.", n -> InvitationsApi.projectInvitationResourceList(n.scope()))
        .act(
            new Verb(
                    Verb.Kind.ACT,
                    "create",
                    "Invite an e-mail address; the answer has the token to accept with, once.",
                    n -> InvitationsApi.projectInvitationResourceInvite(n.scope()))
                .takes(
                    Input.text("email", "EMAIL", "kim@example.com", "Whom to invite.").must(),
                    Input.of(
                            Input.Kind.CODES,
                            "role",
                            "ROLE",
                            "VIEWER",
                            "OWNER, OPERATOR, VIEWER or BILLING_VIEWER; may be given several times.")
                        .into("roles")
                        .must()))
        .act(
            "revoke",
            "Nobody can accept it any more.",
            n -> InvitationsApi.projectInvitationResourceRevoke(n.item(), n.scope()));
  }
}
