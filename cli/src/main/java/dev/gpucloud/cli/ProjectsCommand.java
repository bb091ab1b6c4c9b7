package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.ProjectsApi;
import dev.gpucloud.client.model.CreateProject;
import dev.gpucloud.client.model.PatchProject;
import dev.gpucloud.client.model.Project;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "projects",
    mixinStandardHelpOptions = true,
    description = "The projects of a tenant, which own its instances.",
    subcommands = {
      ProjectsCommand.ListAll.class,
      ProjectsCommand.Show.class,
      ProjectsCommand.Create.class,
      ProjectsCommand.Edit.class,
      ProjectsCommand.Archive.class,
      ProjectsCommand.Restore.class
    })
final class ProjectsCommand extends CommandGroup {
  private static final Columns COLUMNS =
      new Columns()
          .text("SLUG", "slug")
          .text("NAME", "name")
          .text("STATE", "state")
          .text("COST CENTRE", "costCenter")
          .left("LABELS", ProjectsCommand::labels)
          .text("ID", "id");

  ProjectsCommand(CliContext context) {}

  private static String labels(JsonNode project) {
    JsonNode labels = project.path("labels");
    return labels.isEmpty()
        ? Fields.NONE
        : labels.properties().stream()
            .map(label -> label.getKey() + "=" + label.getValue().asText())
            .collect(Collectors.joining(" "));
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Those of a tenant, as far as your roles go.")
  static final class ListAll extends TenantCommand {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return show(api().list(ProjectsApi.projectResourceList(tenant())), COLUMNS);
    }
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Open a project (owners).")
  static final class Create extends TenantCommand {
    @Parameters(
        paramLabel = "SLUG",
        description = "Its short name in addresses, unique in the tenant and for ever.")
    private String slug = "";

    @Option(
        names = {"-n", "--name"},
        paramLabel = "NAME",
        description = "Its name (default: the slug).")
    private @Nullable String name;

    @Option(
        names = "--cost-center",
        paramLabel = "CODE",
        description = "Stands on usage and invoices.")
    private @Nullable String costCenter;

    @Option(
        names = {"-l", "--label"},
        paramLabel = "NAME=VALUE",
        description = "May be repeated.")
    private Map<String, String> labels = Map.of();

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      CreateProject body = new CreateProject().slug(slug).name(name).costCenter(costCenter);
      body.labels(labels.isEmpty() ? null : labels);
      var call = ProjectsApi.projectResourceOpen(tenant());
      return showOne(api().post(call, body, repeat.key()).body(), COLUMNS);
    }
  }

  /** A command on one project. */
  abstract static class OfOne extends TenantCommand {
    @Parameters(paramLabel = "PROJECT", description = "Slug or id.")
    private String project = "";

    OfOne(CliContext context) {
      super(context);
    }

    Call<Call.Nothing, Project> shown() {
      return ProjectsApi.projectResourceShow(project, tenant());
    }

    ExitCode changed(PatchProject patch) {
      var change = ProjectsApi.projectResourceChange(project, tenant());
      return showOne(change(shown(), change, patch), COLUMNS);
    }
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "One project.")
  static final class Show extends OfOne {
    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return showOne(api().get(shown()).body(), COLUMNS);
    }
  }

  @Command(
      name = "edit",
      mixinStandardHelpOptions = true,
      description = "Change what is given; the rest stays (owners).")
  static final class Edit extends OfOne {
    @Option(
        names = {"-n", "--name"},
        paramLabel = "NAME",
        description = "Its name.")
    private @Nullable String name;

    @Option(
        names = "--cost-center",
        paramLabel = "CODE",
        description = "Stands on usage and invoices; 'none' takes it away.")
    private @Nullable String costCenter;

    @Option(
        names = {"-l", "--label"},
        paramLabel = "NAME=VALUE",
        description = "All labels to have; may be repeated.")
    private Map<String, String> labels = Map.of();

    @Option(names = "--no-labels", description = "Take every label away.")
    private boolean noLabels;

    Edit(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      PatchProject patch = new PatchProject().name(name);
      putOrClear(costCenter, patch::costCenter, patch::costCenterNone);
      patch.labels(noLabels || !labels.isEmpty() ? labels : null);
      return changed(patch);
    }
  }

  @Command(
      name = "archive",
      mixinStandardHelpOptions = true,
      description = "It keeps its history and takes nothing new (owners).")
  static final class Archive extends OfOne {
    Archive(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return changed(new PatchProject().state("ARCHIVED"));
    }
  }

  @Command(
      name = "restore",
      mixinStandardHelpOptions = true,
      description = "Open an archived project again (owners).")
  static final class Restore extends OfOne {
    Restore(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return changed(new PatchProject().state("ACTIVE"));
    }
  }
}
