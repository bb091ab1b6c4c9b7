package dev.gpucloud.tenant.apikeys;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.ServiceAccountId;
import dev.gpucloud.contracts.key.KeyActions;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.tenant.engine.TenantRules;
import dev.gpucloud.tenant.engine.Violations;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a new key is to be. */
@Schema(
    name = "CreateApiKey",
    examples =
        """
        {
          "name": "nightly-training",
          "roles": ["OPERATOR"],
          "actions": ["projects.instances.*", "*.read"]
        }""")
record CreateApiKeyRequest(
    @Schema(required = true, examples = "nightly-training", maxLength = 120) @Nullable String name,
    @Schema(
            required = true,
            examples = "[\"OPERATOR\"]",
            description = "At most what the holder may do; counted anew at every use.")
        @Nullable List<@Nullable TenantRole> roles,
    @Schema(description = "Ids of the only projects it opens; the whole tenant by default.")
        @Nullable List<@Nullable String> projects,
    @Schema(
            examples = "[\"projects.instances.*\", \"*.read\"]",
            description =
                "The only actions it allows, each the words of a route and what is done; * stands"
                    + " for one or more words. At least one endpoint must have each. All that its"
                    + " roles may by default.")
        @Nullable List<@Nullable String> actions,
    @Schema(examples = "2027-01-31T00:00:00Z", description = "Bounded; 90 days by default.")
        @Nullable Instant expiresAt,
    @Schema(description = "The service account that is to hold it; the caller by default.")
        @Nullable String serviceAccount) {

  static final int MAX_PROJECTS = 100;
  private static final KnownActions KNOWN = new KnownActions();

  /** The account that is to hold the key, or null for the caller. */
  @Nullable ServiceAccountId account(Violations violations) {
    if (serviceAccount == null) {
      return null;
    }
    try {
      return ServiceAccountId.parse(serviceAccount);
    } catch (IllegalArgumentException e) {
      violations.add("/serviceAccount", "expected an id such as sac_<uuid>");
      return null;
    }
  }

  String checkedName(Violations violations) {
    if (name == null) {
      violations.add("/name", "is required");
      return "";
    }
    TenantRules.checkName(name, "/name", violations);
    return name;
  }

  Set<TenantRole> checkedRoles(Violations violations) {
    var found = EnumSet.noneOf(TenantRole.class);
    for (int i = 0; roles != null && i < roles.size(); i++) {
      TenantRole role = roles.get(i);
      if (role == null) {
        violations.add("/roles/" + i, "expected a role");
      } else {
        found.add(role);
      }
    }
    if (roles == null || roles.isEmpty()) {
      violations.add("/roles", "expected at least one role");
    }
    return found;
  }

  Set<ProjectId> checkedProjects(Violations violations) {
    var found = new LinkedHashSet<ProjectId>();
    if (projects != null && projects.isEmpty()) {
      violations.add("/projects", "names no project; leave it out for the whole tenant");
    }
    if (projects != null && projects.size() > MAX_PROJECTS) {
      violations.add("/projects", "expected at most " + MAX_PROJECTS + " projects");
      return found;
    }
    for (int i = 0; projects != null && i < projects.size(); i++) {
      String id = projects.get(i);
      try {
        found.add(ProjectId.parse(id == null ? "" : id));
      } catch (IllegalArgumentException e) {
        violations.add("/projects/" + i, "expected a project id such as prj_<uuid>");
      }
    }
    return found;
  }

  Set<String> checkedActions(Violations violations) {
    if (actions == null) {
      return Set.of();
    }
    if (actions.isEmpty()) {
      violations.add("/actions", "names no action; leave it out for all");
    }
    if (actions.size() > KeyActions.MOST) {
      violations.add("/actions", "expected at most " + KeyActions.MOST + " actions");
      return Set.of();
    }
    var found = new LinkedHashSet<String>();
    for (int i = 0; i < actions.size(); i++) {
      String action = Objects.requireNonNullElse(actions.get(i), "");
      String pointer = "/actions/" + i;
      KNOWN
          .refusal(action)
          .ifPresentOrElse(why -> violations.add(pointer, why), () -> found.add(action));
    }
    return found;
  }

  Instant checkedExpiry(Instant now, Duration byDefault, Duration longest, Violations violations) {
    if (expiresAt == null) {
      return now.plus(byDefault);
    }
    if (!expiresAt.isAfter(now)) {
      violations.add("/expiresAt", "must be later than now");
    } else if (expiresAt.isAfter(now.plus(longest))) {
      violations.add("/expiresAt", "must be at most " + longest.toDays() + " days from now");
    }
    return expiresAt;
  }
}
