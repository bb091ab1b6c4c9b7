package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.OperationsApi;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "operations",
    mixinStandardHelpOptions = true,
    description = "Work that goes on after a command has come back.",
    subcommands = {OperationsCommand.Show.class, OperationsCommand.Wait.class})
final class OperationsCommand extends CommandGroup {
  private static final String RUNNING = "RUNNING";

  OperationsCommand(CliContext context) {}

  /** Looks until an operation has ended, and fails when it has not ended well. */
  static JsonNode await(ApiClient api, String id, Patience patience) {
    return patience.until(
        () -> api.get(OperationsApi.operationResourceGet(id)).body(),
        operation ->
            switch (Fields.text(operation, "state")) {
              case "SUCCEEDED" -> Patience.Verdict.THERE;
              case RUNNING -> Patience.Verdict.NOT_YET;
              default -> Patience.Verdict.NEVER;
            },
        operation -> "The operation %s is %s.".formatted(id, Fields.text(operation, "state")));
  }

  /** What it is and how far, in a line. */
  static String line(JsonNode operation) {
    return Fields.text(operation, "kind")
        + " "
        + Fields.text(operation, "instance")
        + "  "
        + Fields.text(operation, "state");
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "What an operation does, for whom, and how it ended.")
  static final class Show extends ApiCommand {
    @Parameters(paramLabel = "OPERATION", description = "Id of the operation: op_...")
    private String id = "";

    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return showAll(api().get(OperationsApi.operationResourceGet(id)).body());
    }
  }

  @Command(
      name = "wait",
      mixinStandardHelpOptions = true,
      description = "Come back when an operation has ended; ends with 8 if it failed.")
  static final class Wait extends ApiCommand {
    @Parameters(paramLabel = "OPERATION", description = "Id of the operation: op_...")
    private String id = "";

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        defaultValue = "300",
        description = "How long to wait (default: 300).")
    private int timeoutSeconds = 300;

    Wait(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var witness = Patience.at(terminal(), OperationsCommand::line);
      Patience patience = new Patience(Duration.ofSeconds(timeoutSeconds), witness);
      return showAll(await(api(), id, patience));
    }
  }
}
