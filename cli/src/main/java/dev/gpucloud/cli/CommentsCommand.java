package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "comments",
    mixinStandardHelpOptions = true,
    description = "What finance says to each other about an invoice; customers never see it.",
    subcommands = {CommentsCommand.ListAll.class, CommentsCommand.Add.class})
final class CommentsCommand extends CommandGroup {
  private static final Columns COLUMNS =
      new Columns().time("AT (SEOUL)", "at").text("BY", "by").text("COMMENT", "text");

  CommentsCommand(CliContext context) {}

  /** A command about the comments on an invoice. */
  abstract static class OnInvoice extends ApiCommand {
    @Parameters(index = "0", paramLabel = "INVOICE", description = "Its id or number.")
    private String invoice = "";

    OnInvoice(CliContext context) {
      super(context);
    }

    final String path() {
      String id = new FinanceApi(api()).id(invoice);
      return FinanceApi.PATH + "/" + ApiClient.escape(id) + "/comments";
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Oldest first.")
  static final class ListAll extends OnInvoice {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().list(path()), all -> COLUMNS.table(all.path("items"), terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Comment on an invoice; a comment stays as it is.")
  static final class Add extends OnInvoice {
    @Parameters(index = "1", paramLabel = "TEXT", description = "What there is to say.")
    private String comment = "";

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Add(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode body = Json.object().put("text", comment);
      print(api().post(path(), body, repeat.key()).body(), made -> COLUMNS.one(made, terminal()));
      return ExitCode.OK;
    }
  }
}
