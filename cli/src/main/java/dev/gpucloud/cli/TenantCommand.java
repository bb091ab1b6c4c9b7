package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command on what belongs to one tenant. */
abstract class TenantCommand extends ApiCommand {
  @Option(names = "--tenant", paramLabel = "TENANT", description = "Slug or id (GPUCLOUD_TENANT).")
  private @Nullable String tenant;

  private @Nullable String path;

  TenantCommand(CliContext context) {
    super(context);
  }

  /** The tenant that was named, or that of the settings, as a path. */
  String tenantPath() {
    if (path == null) {
      path = "/tenants/" + ApiClient.escape(new Scopes(context(), api()).tenant(tenant));
    }
    return path;
  }

  /** The id of a project of the tenant that is named by its slug or id. */
  String projectId(String project) {
    return project.startsWith("prj_")
        ? project
        : Fields.text(
            api().get(tenantPath() + "/projects/" + ApiClient.escape(project)).body(), "id");
  }

  /** Roles at the tenant, then those at projects. */
  static String roles(JsonNode of) {
    List<String> parts = new ArrayList<>();
    of.path("roles").forEach(role -> parts.add(role.asText()));
    of.path("projectRoles")
        .properties()
        .forEach(
            entry ->
                entry
                    .getValue()
                    .forEach(role -> parts.add(role.asText() + " of " + entry.getKey())));
    return parts.isEmpty() ? Fields.NONE : String.join(", ", parts);
  }
}
