package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.DirectoryApi;
import picocli.CommandLine.Command;

@Command(
    name = "directory",
    mixinStandardHelpOptions = true,
    description = {
      "What the identity provider lacks of tenants and members, and why (platform, auditor).",
      "Checks are what is there and is only compared again."
    })
final class DirectoryCommand extends ApiCommand {
  private static final Columns REFUSALS =
      new Columns()
          .text("TENANT", "tenant")
          .text("MEMBER", "subject")
          .number("TRIES", "attempts")
          .time("NEXT (SEOUL)", "nextTryAt")
          .text("REFUSED BECAUSE", "problem");

  DirectoryCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    print(api().get(DirectoryApi.directoryResourceShow()).body(), this::shown);
    return ExitCode.OK;
  }

  private String shown(JsonNode state) {
    String table =
        new Table()
            .left("FIELD")
            .left("VALUE")
            .row("changes not there yet", Fields.text(state, "pending"))
            .row("refused of them", Fields.text(state, "refused"))
            .row("oldest since", Fields.seoulTime(state, "oldestPendingSince"))
            .row("checks to come", Fields.text(state, "checks"))
            .row("checks due", Fields.text(state, "checksDue"))
            .row("last contact", Fields.seoulTime(state, "lastContact"))
            .row("problem", Fields.text(state, "problem"))
            .render(terminal());
    JsonNode refusals = state.path("refusals");
    return refusals.isEmpty() ? table : table + "\n" + REFUSALS.table(refusals, terminal());
  }
}
