package dev.gpucloud.kit.access;

import dev.gpucloud.contracts.event.ProjectFact;
import dev.gpucloud.contracts.id.ProjectId;

/** A project as this service knows it from the project topic. */
public record ProjectRef(ProjectFact fact) {
  public ProjectId id() {
    return fact.projectId();
  }

  public String slug() {
    return fact.slug();
  }
}
