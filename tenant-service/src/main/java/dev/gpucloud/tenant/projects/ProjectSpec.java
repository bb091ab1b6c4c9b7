package dev.gpucloud.tenant.projects;

import dev.gpucloud.tenant.engine.ProjectRules;
import dev.gpucloud.tenant.engine.Slugs;
import dev.gpucloud.tenant.engine.TenantRules;
import dev.gpucloud.tenant.engine.Violations;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a project is declared to be. */
public record ProjectSpec(
    String slug, String name, @Nullable String costCenter, Map<String, String> labels) {

  /** Adds what is wrong with the project declared at the pointer {@code at}. */
  public void check(String at, Violations violations) {
    Slugs.projectRefusal(slug).ifPresent(why -> violations.add(at + "/slug", why));
    TenantRules.checkName(name, at + "/name", violations);
    ProjectRules.checkCostCenter(costCenter, at + "/costCenter", violations);
    ProjectRules.checkLabels(labels, at + "/labels", violations);
  }
}
