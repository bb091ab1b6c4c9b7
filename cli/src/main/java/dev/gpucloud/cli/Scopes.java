package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.MeApi;
import dev.gpucloud.client.api.ProjectsApi;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the tenant or project a command works in: as given, else the only one the caller has. */
final class Scopes {
  private final CliContext context;
  private final ApiClient api;

  Scopes(CliContext context, ApiClient api) {
    this.context = context;
    this.api = api;
  }

  String tenant(@Nullable String given) {
    String wanted = given != null ? given : context.env("GPUCLOUD_TENANT", "");
    if (!wanted.isEmpty()) {
      return wanted;
    }
    List<String> mine = tenants(api.get(MeApi.meResourceMe()).body());
    if (mine.size() == 1) {
      return mine.getFirst();
    }
    throw new CliException(
        ExitCode.USAGE,
        mine.isEmpty() ? "You are a member of no tenant." : "Which tenant?",
        mine.isEmpty()
            ? "what to do: give --tenant, or ask an owner to add you"
            : "what to do: give --tenant (or GPUCLOUD_TENANT), one of: " + String.join(", ", mine));
  }

  /**
   * {@code prj_...} or {@code tenant.project}; a bare project slug is looked for in the caller's
   * tenant.
   */
  String project(@Nullable String given, @Nullable String tenant) {
    String wanted = given != null ? given : context.env("GPUCLOUD_PROJECT", "");
    if (wanted.startsWith("prj_") || wanted.contains(".")) {
      return wanted;
    }
    String owner = tenant(tenant);
    if (!wanted.isEmpty()) {
      return owner + "." + wanted;
    }
    List<String> projects = projects(owner);
    if (projects.size() == 1) {
      return projects.getFirst();
    }
    throw new CliException(
        ExitCode.USAGE,
        projects.isEmpty() ? "The tenant " + owner + " has no project." : "Which project?",
        projects.isEmpty()
            ? "what to do: an owner creates one"
            : "what to do: give --project (or GPUCLOUD_PROJECT), one of: "
                + String.join(", ", projects));
  }

  /**
   * Refuses the id of a project that none of the caller's tenants has. Where that cannot be seen,
   * as by a platform role, it is taken to be there.
   */
  void requireProject(String id) {
    JsonNode me = api.get(MeApi.meResourceMe()).body();
    if (!me.path("platformRoles").isEmpty()) {
      return;
    }
    for (String tenant : tenants(me)) {
      try {
        api.get(ProjectsApi.projectResourceShow(id, tenant));
        return;
      } catch (ApiProblem problem) {
        if (problem.status() == 403) {
          return;
        }
        if (problem.status() != 404) {
          throw problem;
        }
      }
    }
    throw new CliException(
        ExitCode.NOT_FOUND,
        "There is no project " + id + " here.",
        "what to do: gpucloud projects list");
  }

  /** An API key that is limited to projects reads no list of them, but knows which they are. */
  private List<String> projects(String tenant) {
    List<String> projects = new ArrayList<>();
    try {
      for (JsonNode project : api.list(ProjectsApi.projectResourceList(tenant)).path("items")) {
        projects.add(tenant + "." + project.path("slug").asText());
      }
    } catch (ApiProblem problem) {
      if (problem.status() != 404 && problem.status() != 403) {
        throw problem;
      }
      api.get(MeApi.meResourceMe())
          .body()
          .path("apiKey")
          .path("projects")
          .forEach(id -> projects.add(id.asText()));
      if (projects.isEmpty()) {
        throw problem;
      }
    }
    return projects;
  }

  private static List<String> tenants(JsonNode me) {
    List<String> slugs = new ArrayList<>();
    for (JsonNode membership : me.path("memberships")) {
      slugs.add(
          Fields.first(membership, "tenant.slug", "tenantSlug", "slug", "tenant", "tenantId"));
    }
    return slugs;
  }
}
