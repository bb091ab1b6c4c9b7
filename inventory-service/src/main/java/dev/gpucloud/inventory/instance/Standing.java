package dev.gpucloud.inventory.instance;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.inventory.placement.engine.Apart;
import org.jspecify.annotations.Nullable;

/**
 * How an instance stands to others: apart from those of its group, whose name is the project's own,
 * and with {@code dedicated} on hosts that its tenant has alone.
 */
public record Standing(@Nullable Apart apart, boolean dedicated) {
  public static final Standing ANYWHERE = new Standing(null, false);

  /** The group under a name that no other project has. */
  public @Nullable Apart apartIn(ProjectId project) {
    return apart == null
        ? null
        : new Apart(project.value() + "/" + apart.group(), apart.over(), apart.strength());
  }
}
