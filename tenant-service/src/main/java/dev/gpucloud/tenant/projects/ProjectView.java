package dev.gpucloud.tenant.projects;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A project as the members of its tenant see it. */
@Schema(name = "Project", description = "A scope of a tenant that owns instances.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProjectView(
    @Schema(
            implementation = String.class,
            examples = "prj_019a3c5e-7b1d-7c2a-9f00-5d2f6a1b3c4d",
            description = "Id, stable for ever.")
        ProjectId id,
    @Schema(implementation = String.class) TenantId tenantId,
    @Schema(examples = "fab-digital-twin", description = "Unique in its tenant, fixed.")
        String slug,
    @Schema(examples = "Fab digital twin") String name,
    @Schema(
            enumeration = {"ACTIVE", "ARCHIVED"},
            examples = "ACTIVE",
            description = "An ARCHIVED project keeps its history and takes nothing new.")
        String state,
    @Schema(examples = "HX-4711", description = "Stands on usage rows and exports.")
        @Nullable String costCenter,
    @Schema(examples = "{\"team\":\"litho\"}", description = "At most 32 labels.")
        Map<String, String> labels,
    @Schema(examples = "1", description = "Counts changes from 1; the ETag.") long version,
    Instant createdAt,
    Instant updatedAt) {

  /** The view of a row. */
  static ProjectView of(ProjectEntity project) {
    return new ProjectView(
        project.id(),
        project.tenant(),
        project.slug(),
        project.name(),
        project.state().name(),
        project.costCenter(),
        new TreeMap<>(project.labels()),
        project.version(),
        project.createdAt(),
        project.updatedAt());
  }
}
