package dev.gpucloud.tenant.projects;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.tenant.engine.Slugs;

/** How a path names a project of a tenant: by id ({@code prj_...}) or by slug. */
public record ProjectName(Object value, boolean isId) {
  /** Whether any project can have this name. */
  boolean isPossible() {
    return isId || Slugs.projectRefusal(value.toString()).isEmpty();
  }

  /** Reads the path's text; what is no id is taken as a slug. */
  public static ProjectName parse(String text) {
    try {
      return new ProjectName(ProjectId.parse(text).value(), true);
    } catch (IllegalArgumentException e) {
      return new ProjectName(text, false);
    }
  }
}
