package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.contracts.id.ProjectId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What projects are called: by the slug that their usage came with, else by id. */
final class ProjectSlugs {
  private final Names names;
  private final Map<ProjectId, String> slugs = new HashMap<>();

  ProjectSlugs(Names names, Collection<RunUsage> runs) {
    this.names = names;
    runs.forEach(
        run ->
            run.intervals()
                .forEach(i -> slugs.put(i.scope().projectId(), i.scope().projectSlug())));
  }

  @Nullable String of(@Nullable ProjectId id) {
    return id == null ? null : slugs.getOrDefault(id, names.of(id.value()));
  }
}
