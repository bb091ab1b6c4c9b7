package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.VolumesApi;
import dev.gpucloud.client.model.AttachVolumeRequest;
import dev.gpucloud.client.model.CreateVolumeRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "volumes",
    mixinStandardHelpOptions = true,
    description = "Create, list, attach, detach and delete volumes.",
    subcommands = {
      VolumesCommand.ListAll.class,
      VolumesCommand.Create.class,
      VolumesCommand.Attach.class,
      VolumesCommand.Detach.class,
      VolumesCommand.Delete.class
    })
final class VolumesCommand implements Runnable {
  @Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  VolumesCommand(CliContext context) {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand.");
  }

  /** A command on the volumes of one project. */
  abstract static class InProject extends ProjectCommand {
    InProject(CliContext context) {
      super(context);
    }

    void show(JsonNode volume) {
      print(
          volume,
          one ->
              table(
                  Json.object().set("items", Json.MAPPER.createArrayNode().add(one)), terminal()));
    }
  }

  static String table(JsonNode volumes, Terminal terminal) {
    Table table =
        new Table()
            .left("NAME")
            .left("STATE")
            .right("GIB")
            .left("SITE")
            .left("INSTANCE")
            .left("ID");
    for (JsonNode volume : volumes.path("items")) {
      table.row(
          Fields.text(volume, "name"),
          Fields.text(volume, "state"),
          Fields.text(volume, "sizeGib"),
          Fields.text(volume, "site"),
          Fields.text(volume, "instance"),
          Fields.text(volume, "id"));
    }
    return table.render(terminal);
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Volumes of a project.")
  static final class ListAll extends InProject {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().list(VolumesApi.volumeResourceList(project())), all -> table(all, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(name = "create", mixinStandardHelpOptions = true, description = "Create a volume.")
  static final class Create extends InProject {
    @Option(
        names = {"-n", "--name"},
        paramLabel = "NAME",
        required = true,
        description = "What it is called.")
    private String name = "";

    @Option(names = "--size", paramLabel = "GIB", required = true, description = "Its size in GiB.")
    private int sizeGib;

    @Option(
        names = "--site",
        paramLabel = "SITE",
        required = true,
        description = "Where it stands; only instances there can use it.")
    private String site = "";

    @Option(
        names = "--idempotency-key",
        paramLabel = "KEY",
        description = "Repeat an earlier request: same key, same answer, nothing twice.")
    private @Nullable String key;

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      CreateVolumeRequest body = new CreateVolumeRequest().name(name).site(site).sizeGib(sizeGib);
      String once = key == null ? ApiClient.newIdempotencyKey() : key;
      show(api().post(VolumesApi.volumeResourceCreate(project()), body, once).body());
      return ExitCode.OK;
    }
  }

  @Command(
      name = "attach",
      mixinStandardHelpOptions = true,
      description = "Give a volume to an instance of its project and site.")
  static final class Attach extends InProject {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Its id.")
    private String volume = "";

    @Parameters(index = "1", paramLabel = "INSTANCE", description = "The instance's id or name.")
    private String instance = "";

    @Option(
        names = "--delete-on-termination",
        description = "Delete it with the instance; without this it stays.")
    private boolean deleteOnTermination;

    Attach(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      AttachVolumeRequest body = new AttachVolumeRequest().instance(instance);
      body.deleteOnTermination(deleteOnTermination);
      var call = VolumesApi.volumeResourceAttach(project(), volume);
      show(api().post(call, body, ApiClient.newIdempotencyKey()).body());
      return ExitCode.OK;
    }
  }

  @Command(
      name = "detach",
      mixinStandardHelpOptions = true,
      description = "Take a volume from its instance; its content stays.")
  static final class Detach extends InProject {
    @Parameters(paramLabel = "VOLUME", description = "Its id.")
    private String volume = "";

    Detach(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      show(post(VolumesApi.volumeResourceDetach(project(), volume)));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Delete a volume for good.")
  static final class Delete extends InProject {
    @Parameters(paramLabel = "VOLUME", description = "Its id.")
    private String volume = "";

    @Mixin private final Confirmation confirmation = new Confirmation();

    Delete(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      confirmation.ask(terminal(), "Delete %s for good?", volume);
      var call = VolumesApi.volumeResourceDelete(project(), volume);
      show(api().delete(call, ApiClient.newIdempotencyKey()).body());
      return ExitCode.OK;
    }
  }
}
