package dev.gpucloud.tenant.me;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.KeyGrant;
import dev.gpucloud.kit.access.TenantRole;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

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
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "The API key that the caller came with; absent without one.")
        @Nullable Key apiKey,
    @Schema(
            description =
                "In order of tenant slugs; at most 1000. With an API key what it leaves of the"
                    + " holder's roles.")
        List<Membership> memberships) {

  /** An API key and what it is limited to. */
  @Schema(name = "MyApiKey")
  record Key(
      @Schema(implementation = String.class) ApiKeyId id,
      @Schema(examples = "nightly-training") String name,
      @Schema(examples = "[\"VIEWER\"]", description = "The most that it allows.")
          List<TenantRole> roles,
      @Schema(description = "The only projects it opens; none means the whole tenant.")
          List<ProjectId> projects,
      @Schema(
              examples = "[\"*.read\"]",
              description = "The only actions it allows; none means all that its roles may.")
          List<String> actions) {

    static Key of(KeyGrant grant, String name) {
      return new Key(
          grant.key(),
          name,
          grant.roles().stream().sorted().toList(),
          grant.projects().stream().sorted(Comparator.comparing(ProjectId::toString)).toList(),
          grant.actions().patterns().stream().sorted().toList());
    }
  }

  /** The caller's roles at one tenant. */
  @Schema(name = "Membership")
  record Membership(
      TenantName tenant,
      @Schema(examples = "[\"OPERATOR\"]") List<String> roles,
      @Schema(description = "Further roles by project id.")
          Map<String, List<String>> projectRoles) {

    /** What a key leaves of it; a key of some projects leaves nothing at the tenant itself. */
    Membership within(KeyGrant key) {
      Map<String, List<String>> left = new LinkedHashMap<>();
      if (key.projects().isEmpty()) {
        projectRoles.forEach(
            (project, held) -> put(left, project, limited(key, held, ProjectId.parse(project))));
      } else {
        key.projects().stream()
            .sorted(Comparator.comparing(ProjectId::toString))
            .forEach(project -> put(left, project.toString(), limitedAt(project, key)));
      }
      return new Membership(tenant, limited(key, roles, null), left);
    }

    private List<String> limitedAt(ProjectId project, KeyGrant key) {
      List<String> held = new ArrayList<>(roles);
      held.addAll(projectRoles.getOrDefault(project.toString(), List.of()));
      return limited(key, held, project);
    }

    private List<String> limited(KeyGrant key, List<String> held, @Nullable ProjectId project) {
      Set<TenantRole> roles = held.stream().map(TenantRole::valueOf).collect(Collectors.toSet());
      return key.limit(roles, tenant.id(), project).stream().map(Enum::name).toList();
    }

    private static void put(Map<String, List<String>> left, String project, List<String> roles) {
      if (!roles.isEmpty()) {
        left.put(project, roles);
      }
    }
  }

  /** A tenant by its names. */
  @Schema(name = "TenantName")
  record TenantName(
      @Schema(implementation = String.class) TenantId id,
      @Schema(examples = "sk-hynix") String slug,
      @Schema(examples = "SK hynix") String name) {}
}
