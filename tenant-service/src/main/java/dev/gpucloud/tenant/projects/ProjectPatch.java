package dev.gpucloud.tenant.projects;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.ProjectRules;
import dev.gpucloud.tenant.engine.ProjectState;
import dev.gpucloud.tenant.engine.TenantRules;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Fields;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * A merge patch (RFC 7396) of a project: what is absent stays, null clears the cost centre, labels
 * are replaced as a whole.
 */
final class ProjectPatch {
  private static final Set<String> FIELDS = Set.of("name", "costCenter", "labels", "state");

  /** The documented shape of the patch. */
  @Schema(
      name = "PatchProject",
      examples =
          """
          {"name": "Fab digital twin, phase 2", "labels": {"team": "litho"}}""",
      description = "What is absent stays; null clears costCenter; labels are replaced as a whole.")
  record Shape(
      @Nullable String name,
      @Nullable String costCenter,
      @Nullable Map<String, String> labels,
      @Nullable ProjectState state) {}

  private final @Nullable String name;
  private final boolean hasCostCenter;
  private final @Nullable String costCenter;
  private final @Nullable Map<String, String> labels;
  private final @Nullable ProjectState state;

  private ProjectPatch(Fields fields) {
    name = fields.text("name");
    hasCostCenter = fields.has("costCenter");
    costCenter = fields.text("costCenter");
    labels = fields.has("labels") ? fields.texts("labels") : null;
    state = fields.oneOf("state", ProjectState.class);
  }

  /** Reads the patch and adds what is wrong with it; an unknown field refuses it at once. */
  static ProjectPatch read(@Nullable JsonNode body, Violations violations) {
    Fields fields = body == null ? null : Fields.open(body, "", violations);
    if (fields == null) {
      throw ProblemType.VALIDATION_FAILED
          .because("A patch is a JSON object.")
          .at("", "expected an object");
    }
    fields.refuseUnknown(FIELDS);
    var patch = new ProjectPatch(fields);
    for (String required : Set.of("name", "state")) {
      if (fields.isNull(required)) {
        violations.add(fields.pointer(required), "cannot be cleared");
      }
    }
    TenantRules.checkName(patch.name, "/name", violations);
    ProjectRules.checkCostCenter(patch.costCenter, "/costCenter", violations);
    if (patch.labels != null) {
      ProjectRules.checkLabels(patch.labels, "/labels", violations);
    }
    return patch;
  }

  /** Writes the patched project; a patch that changes nothing leaves the version alone. */
  Uni<Boolean> apply(Mutiny.Session session, ProjectEntity project, ProjectWriter writer) {
    var spec =
        new ProjectSpec(
            project.slug(),
            name == null ? project.name() : name,
            hasCostCenter ? costCenter : project.costCenter(),
            labels == null ? project.labels() : labels);
    return writer.change(session, project, spec, state == null ? project.state() : state);
  }
}
