package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

@Command(
    name = "grants",
    mixinStandardHelpOptions = true,
    description = "Grant programmes: calls, applications, reviews and awards.",
    subcommands = {
      GrantCallCommands.Calls.class,
      GrantCallCommands.Show.class,
      GrantCallCommands.Create.class,
      GrantCallCommands.Edit.class,
      GrantCallCommands.Close.class,
      GrantCallCommands.Reviewer.class,
      GrantApplicationCommands.Apply.class,
      GrantApplicationCommands.Applications.class,
      GrantApplicationCommands.Withdraw.class,
      GrantApplicationCommands.Link.class,
      GrantReviewCommands.Reviews.class,
      GrantReviewCommands.Review.class,
      GrantAwardCommands.Propose.class,
      GrantAwardCommands.Adjust.class,
      GrantAwardCommands.Confirm.class,
      GrantAwardCommands.Awards.class,
      GrantAwardCommands.Accept.class,
      GrantAwardCommands.Decline.class
    })
final class GrantsCommand extends CommandGroup {
  GrantsCommand(CliContext context) {}

  static String state(JsonNode thing) {
    return "It is " + Fields.text(thing, "state") + ".\n";
  }
}
