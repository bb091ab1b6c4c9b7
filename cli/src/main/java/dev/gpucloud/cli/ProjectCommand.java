package dev.gpucloud.cli;

import dev.gpucloud.client.api.ProjectsApi;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command on what belongs to one project. */
abstract class ProjectCommand extends ApiCommand {
  @Option(
      names = {"-p", "--project"},
      paramLabel = "PROJECT",
      description = "tenant.project, prj_..., or a project of your tenant (GPUCLOUD_PROJECT).")
  private @Nullable String project;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "Tenant of the project, if its name alone was given (GPUCLOUD_TENANT).")
  private @Nullable String tenant;

  ProjectCommand(CliContext context) {
    super(context);
  }

  /** The id of a project that is named {@code tenant.project}. */
  static String id(ApiClient api, String project) {
    String[] parts = project.split("\\.", 2);
    if (parts.length < 2) {
      throw new CliException(
          ExitCode.USAGE, "--project is prj_... or tenant.project, not " + project + ".");
    }
    return Fields.text(api.get(ProjectsApi.projectResourceShow(parts[1], parts[0])).body(), "id");
  }

  /** The project that was named, or that of the settings. */
  String project() {
    return new Scopes(context(), api()).project(project, tenant);
  }
}
