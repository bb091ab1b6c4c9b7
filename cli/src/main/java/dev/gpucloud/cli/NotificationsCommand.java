package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.NotificationsApi;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "notifications",
    mixinStandardHelpOptions = true,
    description = "What people of a tenant were told.",
    subcommands = NotificationsCommand.ListAll.class)
final class NotificationsCommand implements Runnable {
  @Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  NotificationsCommand(CliContext context) {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand.");
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "The newest first: all of the tenant for an owner, else your own.")
  static final class ListAll extends TenantCommand {
    @Option(
        names = {"-k", "--kind"},
        paramLabel = "KIND",
        description = "Only this kind, such as tenant.suspended.")
    private @Nullable String kind;

    @Option(
        names = "--state",
        paramLabel = "STATE",
        description = "Only these: PENDING, SENT, DEAD or NOBODY.")
    private @Nullable String state;

    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var call = NotificationsApi.notificationResourceList(tenant()).kind(kind).state(state);
      print(api().list(call), this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode notifications) {
      Table table =
          new Table().left("AT").left("KIND").left("STATE").right("TOLD").left("TITLE").left("ID");
      for (JsonNode notification : notifications.path("items")) {
        table.row(
            Fields.seoulTime(notification, "at"),
            Fields.text(notification, "kind"),
            Fields.text(notification, "state"),
            Integer.toString(notification.path("dispatches").size()),
            Fields.text(notification, "title"),
            Fields.text(notification, "id"));
      }
      return table.render(terminal());
    }
  }
}
