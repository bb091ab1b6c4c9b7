package dev.gpucloud.tenant.serviceaccounts;

import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.Slugs;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.members.Grant;
import dev.gpucloud.tenant.members.SetMemberRequest;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** All that an account is to be; roles that are not listed are taken away. */
@Schema(
    name = "SetServiceAccount",
    examples =
        """
        {
          "name": "nightly-training",
          "description": "Starts the nightly training run.",
          "roles": ["OPERATOR"]
        }""")
record ServiceAccountRequest(
    @Schema(
            required = true,
            examples = "nightly-training",
            pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
            minLength = 2,
            maxLength = 40,
            description = "Unique in the tenant; cannot be changed.")
        @Nullable String name,
    @Schema(maxLength = 500) @Nullable String description,
    @Schema(examples = "[\"OPERATOR\"]", description = "Roles at the tenant; OWNER is for people.")
        @Nullable List<@Nullable MemberRole> roles,
    @Schema(description = "Further roles by project id.")
        @Nullable Map<String, @Nullable List<@Nullable MemberRole>> projectRoles) {

  private static final int LONGEST_DESCRIPTION = 500;

  String checkedDescription(Violations violations) {
    String text = description == null ? "" : description;
    if (!Texts.isLine(text, LONGEST_DESCRIPTION)) {
      violations.add(
          "/description", "expected at most " + LONGEST_DESCRIPTION + " printable characters");
    }
    return text;
  }

  /** Its roles, with what is wrong with them and with the name added. */
  Grant grant(Violations violations) {
    if (name == null) {
      violations.add("/name", "is required");
    } else {
      Slugs.projectRefusal(name).ifPresent(why -> violations.add("/name", why));
    }
    Grant grant =
        new SetMemberRequest(name == null ? "unnamed" : name, roles, projectRoles)
            .grant(violations);
    boolean owner =
        grant.isOwner()
            || grant.projectRoles().values().stream().anyMatch(r -> r.contains(MemberRole.OWNER));
    if (owner) {
      violations.add("/roles", "a service account cannot be OWNER; people own a tenant");
    }
    return grant;
  }
}
