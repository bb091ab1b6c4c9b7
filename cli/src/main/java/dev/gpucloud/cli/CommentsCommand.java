package dev.gpucloud.cli;

import dev.gpucloud.client.api.CloseApi;
import dev.gpucloud.client.model.CommentOnInvoice;
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

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Oldest first.")
  static final class ListAll extends FinanceInvoiceCommand {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return show(api().list(CloseApi.reviewsResourceListInvoiceComments(id())), COLUMNS);
    }
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Comment on an invoice; a comment stays as it is.")
  static final class Add extends FinanceInvoiceCommand {
    @Parameters(index = "1", paramLabel = "TEXT", description = "What there is to say.")
    private String comment = "";

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Add(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      CommentOnInvoice body = new CommentOnInvoice().text(comment);
      var call = CloseApi.reviewsResourceCommentOnInvoice(id());
      return showOne(api().post(call, body, repeat.key()).body(), COLUMNS);
    }
  }
}
