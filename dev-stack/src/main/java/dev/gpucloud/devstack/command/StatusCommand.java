package dev.gpucloud.devstack.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.cli.CliContext;
import dev.gpucloud.devstack.console.StackTables;
import dev.gpucloud.devstack.layout.StackProblem;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description = "Show what runs, its memory and the business clock.",
    mixinStandardHelpOptions = true)
final class StatusCommand extends StackCommand {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(names = "--users", description = "Show addresses, users and passwords too.")
  private boolean users;

  StatusCommand(CliContext context) {
    super(context);
  }

  @Override
  void run(Stack stack) throws IOException {
    StackTables tables = new StackTables(terminal());
    JsonNode components = JSON.readTree(stack.control("GET", "/components", ""));
    JsonNode clock = JSON.readTree(stack.control("GET", "/clock", ""));
    long supervisor = stack.required().supervisor().map(ProcessHandle::pid).orElse(0L);
    tables.components(components, supervisor);
    print("");
    say("Business clock: " + ClockCommand.describe(clock));
    if (users) {
      tables.credentials("", stack.home());
    }
    for (JsonNode component : components) {
      if (!component.path("state").asText().equals("READY")) {
        throw new StackProblem(
            StackProblem.COMPONENT_FAILED,
            component.path("name").asText()
                + " is not ready. See ./gpucloud logs "
                + component.path("name").asText()
                + ".");
      }
    }
  }
}
