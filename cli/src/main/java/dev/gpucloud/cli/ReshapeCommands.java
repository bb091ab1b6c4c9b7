package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on one instance that change it in place, or tell how to reach it. */
final class ReshapeCommands {
  private ReshapeCommands() {}

  @Command(
      name = "reboot",
      mixinStandardHelpOptions = true,
      description = "Reboot a running instance; it keeps its GPUs, and billing goes on.")
  static final class Reboot extends InstancesCommand.Waiting {
    @Parameters(paramLabel = "INSTANCE", description = "Its id or name.")
    private String instance = "";

    Reboot(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      InstanceApi instances = instances();
      JsonNode asked = instances.reboot(instance, key());
      print(settleOperation(instances, asked), one -> InstanceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "resize",
      mixinStandardHelpOptions = true,
      description = "Give an instance another type of its GPU model; a running one is rebooted.")
  static final class Resize extends InstancesCommand.Waiting {
    @Parameters(paramLabel = "INSTANCE", description = "Its id or name.")
    private String instance = "";

    @Option(
        names = {"-t", "--type"},
        paramLabel = "TYPE",
        required = true,
        description = "The type it shall have, as 'gpucloud instance-types' lists them.")
    private String type = "";

    Resize(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      InstanceApi instances = instances();
      JsonNode asked = instances.resize(instance, type, key());
      print(settleOperation(instances, asked), one -> InstanceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "move",
      mixinStandardHelpOptions = true,
      description = "Move an instance to another project of its tenant, which pays from then on.")
  static final class Move extends InstancesCommand.InProject {
    @Parameters(index = "0", paramLabel = "INSTANCE", description = "Its id or name.")
    private String instance = "";

    @Option(
        names = "--to",
        paramLabel = "PROJECT",
        required = true,
        description = "tenant.project or prj_...")
    private String to = "";

    Move(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode moved = instances().move(instance, to, ApiClient.newIdempotencyKey());
      print(moved, one -> InstanceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "connect",
      mixinStandardHelpOptions = true,
      description = "How to log in to an instance.")
  static final class Connect extends InstancesCommand.InProject {
    @Parameters(paramLabel = "INSTANCE", description = "Its id or name.")
    private String instance = "";

    Connect(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(instances().connect(instance), Connect::words);
      return ExitCode.OK;
    }

    private static String words(JsonNode how) {
      StringBuilder text = new StringBuilder(Fields.text(how, "command")).append('\n');
      for (JsonNode key : how.path("sshKeys")) {
        text.append("  ")
            .append(Fields.text(key, "fingerprint"))
            .append("  ")
            .append(Fields.text(key, "comment"))
            .append('\n');
      }
      return text.toString();
    }
  }

  @Command(
      name = "console-log",
      mixinStandardHelpOptions = true,
      description = "What the console of an instance ends with.")
  static final class ConsoleLog extends InstancesCommand.InProject {
    @Parameters(paramLabel = "INSTANCE", description = "Its id or name.")
    private String instance = "";

    ConsoleLog(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(
          instances().consoleLog(instance),
          log -> {
            String text = log.path("text").asText();
            return text.endsWith("\n") ? text : text + "\n";
          });
      return ExitCode.OK;
    }
  }
}
