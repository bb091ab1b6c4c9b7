package dev.gpucloud.tenant.onboarding;

import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.TenantSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One tenant as a document declares it, at its JSON pointer. What it does not mention stays as it
 * is: a project, a member or a quota is never taken away by leaving it out. {@code
 * sharesAccountWith} is said with the request and not kept.
 */
record Declared(
    String at,
    TenantSpec spec,
    Map<String, Optional<Integer>> quotas,
    List<Project> projects,
    List<Member> members,
    @Nullable String sharesAccountWith) {

  /** A project by slug; a null value leaves what is there. */
  record Project(
      String at,
      String slug,
      @Nullable String name,
      @Nullable String costCenter,
      @Nullable Map<String, String> labels) {}

  /** A person with all roles to have; projects by slug. */
  record Member(
      String at,
      String subject,
      String username,
      Set<MemberRole> roles,
      Map<String, Set<MemberRole>> projectRoles) {}
}
