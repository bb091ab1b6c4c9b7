package dev.gpucloud.tenant.projects;

import dev.gpucloud.tenant.engine.Violations;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a new project is to be. */
@Schema(
    name = "CreateProject",
    examples =
        """
        {
          "slug": "yield-forecast",
          "name": "Yield forecast",
          "costCenter": "HX-4711",
          "labels": {"team": "litho"}
        }""")
record CreateProjectRequest(
    @Schema(
            required = true,
            examples = "fab-digital-twin",
            pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
            minLength = 2,
            maxLength = 40,
            description = "Unique in the tenant; cannot be changed.")
        @Nullable String slug,
    @Schema(examples = "Fab digital twin", maxLength = 120, description = "The slug by default.")
        @Nullable String name,
    @Schema(examples = "HX-4711", maxLength = 40) @Nullable String costCenter,
    @Schema(examples = "{\"team\":\"litho\"}") @Nullable Map<String, String> labels) {

  /** The project declared, with what is wrong with it added. */
  ProjectSpec spec(Violations violations) {
    if (slug == null) {
      violations.add("/slug", "is required");
    }
    var spec =
        new ProjectSpec(
            slug == null ? "unnamed" : slug,
            name == null ? String.valueOf(slug) : name,
            costCenter,
            labels == null ? Map.of() : new LinkedHashMap<>(labels));
    spec.check("", violations);
    return spec;
  }
}
