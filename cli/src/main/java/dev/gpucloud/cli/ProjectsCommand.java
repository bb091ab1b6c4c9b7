package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
      return show(api().list(tenantPath() + "/projects"), COLUMNS);
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
      ObjectNode body = Json.object().put("slug", slug);
      put(body, "name", name);
      put(body, "costCenter", costCenter);
      if (!labels.isEmpty()) {
        labels.forEach(body.putObject("labels")::put);
      }
      return showOne(api().post(tenantPath() + "/projects", body, repeat.key()).body(), COLUMNS);
    }
  }

  /** A command on one project. */
  abstract static class OfOne extends TenantCommand {
    @Parameters(paramLabel = "PROJECT", description = "Slug or id.")
    private String project = "";

    OfOne(CliContext context) {
      super(context);
    }

    String path() {
      return tenantPath() + "/projects/" + ApiClient.escape(project);
    }

    ExitCode changed(ObjectNode patch) {
      return showOne(change(path(), patch), COLUMNS);
    }
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "One project.")
  static final class Show extends OfOne {
    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return showOne(api().get(path()).body(), COLUMNS);
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
      ObjectNode patch = Json.object();
      put(patch, "name", name);
      putOrClear(patch, "costCenter", costCenter);
      if (noLabels || !labels.isEmpty()) {
        labels.forEach(patch.putObject("labels")::put);
      }
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
      return changed(Json.object().put("state", "ARCHIVED"));
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
      return changed(Json.object().put("state", "ACTIVE"));
    }
  }
}
