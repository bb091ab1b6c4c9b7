package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.ProjectsApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command on what belongs to one tenant. */
abstract class TenantCommand extends ApiCommand {
  @Option(names = "--tenant", paramLabel = "TENANT", description = "Slug or id (GPUCLOUD_TENANT).")
  private @Nullable String tenant;

  private @Nullable String found;
  private @Nullable Map<String, String> slugs;

  TenantCommand(CliContext context) {
    super(context);
  }

  /** The tenant that was named, or that of the settings. */
  final String tenant() {
    if (found == null) {
      found = new Scopes(context(), api()).tenant(tenant);
    }
    return found;
  }

  /** The id of a project of the tenant that is named by its slug or id. */
  String projectId(String project) {
    return project.startsWith("prj_")
        ? project
        : Fields.text(api().get(ProjectsApi.projectResourceShow(project, tenant())).body(), "id");
  }

  /** Roles at the tenant, then those at projects by their slugs, as far as the caller sees them. */
  final String roles(JsonNode of) {
    return roles(of, id -> projectSlugs().getOrDefault(id, id));
  }

  private Map<String, String> projectSlugs() {
    Map<String, String> known = slugs;
    if (known == null) {
      known = readSlugs();
      slugs = known;
    }
    return known;
  }

  private Map<String, String> readSlugs() {
    Map<String, String> found = new HashMap<>();
    try {
      for (JsonNode project : api().list(ProjectsApi.projectResourceList(tenant())).path("items")) {
        found.put(project.path("id").asText(), project.path("slug").asText());
      }
    } catch (ApiProblem unseen) {
      if (unseen.status() != 403 && unseen.status() != 404) {
        throw unseen;
      }
    }
    return found;
  }

  /** As {@link #roles(JsonNode)} with other names of projects. */
  static String roles(JsonNode of, UnaryOperator<String> project) {
    List<String> parts = new ArrayList<>();
    of.path("roles").forEach(role -> parts.add(role.asText()));
    of.path("projectRoles")
        .properties()
        .forEach(
            entry ->
                entry
                    .getValue()
                    .forEach(
                        role -> parts.add(role.asText() + " of " + project.apply(entry.getKey()))));
    return parts.isEmpty() ? Fields.NONE : String.join(", ", parts);
  }
}
