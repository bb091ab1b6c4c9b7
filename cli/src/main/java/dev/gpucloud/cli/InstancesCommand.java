package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gpucloud.client.model.CreateClusterRequest;
import dev.gpucloud.client.model.CreateInstanceRequest;
import dev.gpucloud.client.model.NewVolumeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "instances",
    mixinStandardHelpOptions = true,
    description = "Create, look at, stop, start, reboot, resize, move and delete instances.",
    subcommands = {
      InstancesCommand.Create.class,
      InstancesCommand.ListAll.class,
      InstancesCommand.Show.class,
      InstancesCommand.Stop.class,
      InstancesCommand.Start.class,
      ReshapeCommands.Reboot.class,
      ReshapeCommands.Resize.class,
      ReshapeCommands.Move.class,
      ReshapeCommands.Connect.class,
      ReshapeCommands.ConsoleLog.class,
      ReachCommands.Ssh.class,
      ReachCommands.UserData.class,
      InstancesCommand.Delete.class
    })
final class InstancesCommand implements Runnable {
  @Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  InstancesCommand(CliContext context) {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand.");
  }

  /** A command inside one project. */
  abstract static class InProject extends ProjectCommand {
    InProject(CliContext context) {
      super(context);
    }

    InstanceApi instances() {
      return new InstanceApi(api(), project());
    }
  }

  /** A command that can wait for what it asked for. */
  abstract static class Waiting extends InProject {
    @Option(names = "--wait", description = "Come back when it has happened.")
    private boolean wait;

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        defaultValue = "300",
        description = "How long --wait waits (default: 300).")
    private int timeoutSeconds = 300;

    @Option(
        names = "--idempotency-key",
        paramLabel = "KEY",
        description = "Repeat an earlier request: same key, same answer, nothing twice.")
    private @Nullable String key;

    Waiting(CliContext context) {
      super(context);
    }

    JsonNode settleOperation(InstanceApi instances, JsonNode instance) {
      return wait
          ? instances.awaitOperation(instance, patience(OperationsCommand::line))
          : instance;
    }

    String key() {
      return key == null ? ApiClient.newIdempotencyKey() : key;
    }

    JsonNode settle(InstanceApi instances, JsonNode instance, String state) {
      if (!wait) {
        return instance;
      }
      return instances.await(
          instance.path("id").asText(),
          state,
          patience(seen -> Fields.first(seen, "name", "id") + "  " + Fields.text(seen, "state")));
    }

    private Patience patience(Function<JsonNode, String> line) {
      return new Patience(Duration.ofSeconds(timeoutSeconds), Patience.at(terminal(), line));
    }
  }

  @Command(name = "create", mixinStandardHelpOptions = true, description = "Create instances.")
  static final class Create extends Waiting {
    @Option(
        names = {"-t", "--type"},
        paramLabel = "TYPE",
        required = true,
        description = "Instance type, as 'gpucloud instance-types' lists them.")
    private String type = "";

    @Option(
        names = {"-n", "--name"},
        paramLabel = "NAME",
        description = "Name in the project; with --count, the names are NAME-1, NAME-2, ...")
    private @Nullable String name;

    @Option(
        names = "--count",
        paramLabel = "N",
        defaultValue = "1",
        description = "How many (default: 1).")
    private int count = 1;

    @Option(names = "--site", paramLabel = "SITE", description = "Only at this site.")
    private @Nullable String site;

    @Option(
        names = "--purchase-class",
        paramLabel = "CLASS",
        description = "ON_DEMAND (default of the service).")
    private @Nullable String purchaseClass;

    @Mixin private final SetupOptions setup = new SetupOptions();

    @Option(
        names = "--volume",
        paramLabel = "NAME=GIB",
        description = "A data volume to make with it, which stays; needs --site, may be repeated.")
    private Map<String, Integer> volumes = Map.of();

    @Option(
        names = "--validate-only",
        description = "Only say whether they would fit, and if not, why.")
    private boolean validateOnly;

    @Spec private CommandLine.Model.CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      if (count < 1 || count > 1000) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "--count must be between 1 and 1000, not " + count + ".");
      }
      String base = name == null ? nameFor(type) : name;
      if (validateOnly) {
        var wanted =
            new CreateClusterRequest().name(base).instanceType(type).instances(count).site(site);
        return PlacementTable.ask(this, project(), wanted.purchaseClass(purchaseClass));
      }
      CreateInstanceRequest wanted = wanted(base);
      InstanceApi instances = instances();
      String key = key();
      List<JsonNode> accepted = new ArrayList<>();
      try {
        for (int i = 1; i <= count; i++) {
          String each = count == 1 ? base : base + "-" + i;
          accepted.add(instances.create(wanted.name(each), count == 1 ? key : key + "-" + i));
        }
      } finally {
        if (!accepted.isEmpty() && accepted.size() < count) {
          say("created %s of %s before the failure; to go on:", accepted.size(), count);
          say("  the same command with --name %s --idempotency-key %s", base, key);
        }
      }
      ArrayNode items = Json.MAPPER.createArrayNode();
      accepted.forEach(instance -> items.add(settle(instances, instance, "RUNNING")));
      print(Json.object().set("items", items), all -> InstanceTable.list(all, terminal()));
      return ExitCode.OK;
    }

    private CreateInstanceRequest wanted(String named) {
      List<String> keys = setup.keys(spec.commandLine(), api());
      List<NewVolumeRequest> made =
          volumes.entrySet().stream()
              .map(v -> new NewVolumeRequest().name(v.getKey()).sizeGib(v.getValue()))
              .toList();
      return new CreateInstanceRequest()
          .name(named)
          .instanceType(type)
          .site(site)
          .purchaseClass(purchaseClass)
          .image(setup.image())
          .sshKeys(keys.isEmpty() ? null : keys)
          .userDataBase64(setup.userData(spec.commandLine()))
          .bootVolumeGib(setup.bootVolumeGib())
          .volumes(made.isEmpty() ? null : made);
    }

    private static String nameFor(String type) {
      String random = ApiClient.newIdempotencyKey().substring(0, 6);
      return type.replaceAll("[^a-z0-9]+", "-") + "-" + random;
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "The instances of a project.")
  static final class ListAll extends InProject {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(instances().list(), all -> InstanceTable.list(all, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "One instance.")
  static final class Show extends InProject {
    @Parameters(paramLabel = "INSTANCE", description = "Its id or name.")
    private String instance = "";

    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      InstanceApi instances = instances();
      print(instances.load(instance), one -> InstanceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Stop an instance: its GPUs are released and its billing ends.")
  static final class Stop extends Waiting {
    @Parameters(paramLabel = "INSTANCE", description = "Its id or name.")
    private String instance = "";

    Stop(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      InstanceApi instances = instances();
      JsonNode asked = instances.stop(instance, key());
      print(settle(instances, asked, "STOPPED"), one -> InstanceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description = "Start a stopped instance; it may get other GPUs.")
  static final class Start extends Waiting {
    @Parameters(paramLabel = "INSTANCE", description = "Its id or name.")
    private String instance = "";

    Start(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      InstanceApi instances = instances();
      JsonNode asked = instances.start(instance, key());
      print(settle(instances, asked, "RUNNING"), one -> InstanceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Delete instances for good.")
  static final class Delete extends Waiting {
    @Parameters(paramLabel = "INSTANCE", arity = "1..*", description = "Ids or names.")
    private List<String> named = List.of();

    @Mixin private final Confirmation confirmation = new Confirmation();

    Delete(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      confirmation.ask(terminal(), "Delete %s for good?", String.join(", ", named));
      InstanceApi instances = instances();
      String key = key();
      ArrayNode items = Json.MAPPER.createArrayNode();
      List<JsonNode> asked = new ArrayList<>();
      for (String each : named) {
        asked.add(instances.delete(each, named.size() == 1 ? key : key + "-" + each));
      }
      asked.forEach(instance -> items.add(settle(instances, instance, "DELETED")));
      print(Json.object().set("items", items), all -> InstanceTable.list(all, terminal()));
      return ExitCode.OK;
    }
  }
}
