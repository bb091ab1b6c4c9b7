package dev.gpucloud.tenant.me;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The caller as the cloud sees it. */
@Schema(name = "Me", description = "The caller, with everything the caller may be.")
@JsonInclude(JsonInclude.Include.ALWAYS)
record MeView(
    @Schema(examples = "6d1f8a52-3c7e-4b0a-9e53-0f2c1d7b8a90") String subject,
    @Schema(examples = "sk-hynix-operator") String username,
    @Schema(
            examples = "[]",
            description = "platform-admin, finance, finance-approver, auditor; from the token.")
        Set<String> platformRoles,
    @Schema(description = "In order of tenant slugs; at most 1000.") List<Membership> memberships) {

  /** The caller's roles at one tenant. */
  @Schema(name = "Membership")
  record Membership(
      TenantName tenant,
      @Schema(examples = "[\"OPERATOR\"]") List<String> roles,
      @Schema(description = "Further roles by project id.")
          Map<String, List<String>> projectRoles) {}

  /** A tenant by its names. */
  @Schema(name = "TenantName")
  record TenantName(
      @Schema(implementation = String.class) TenantId id,
      @Schema(examples = "sk-hynix") String slug,
      @Schema(examples = "SK hynix") String name) {}
}
