package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.CloseApi;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "reviews",
    mixinStandardHelpOptions = true,
    description = "What of drafts is unlike last month; it blocks until somebody has looked.",
    subcommands = {
      ReviewsCommand.ListAll.class,
      ReviewsCommand.Show.class,
      ReviewsCommand.Look.class
    })
final class ReviewsCommand extends CommandGroup {
  private static final Columns ANOMALIES =
      new Columns()
          .text("CODE", "code")
          .text("SUBJECT", "subject")
          .text("DETAIL", "detail")
          .left("LOOKED AT", row -> row.path("looked").asBoolean() ? "yes" : "no");

  ReviewsCommand(CliContext context) {}

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Drafts to be reviewed, those with most to look at first.")
  static final class ListAll extends ListCommand {
    @Option(
        names = {"-m", "--month"},
        paramLabel = "YYYY-MM",
        description = "Only of this month.")
    private @Nullable String month;

    ListAll(CliContext context) {
      super(
          context,
          new Columns()
              .text("INVOICE", "invoice")
              .text("MONTH", "month")
              .text("NAME", "accountName")
              .text("STATE", "state")
              .won("SUPPLY", "supplyValue")
              .number("UNSEEN", "unseen"));
    }

    @Override
    Call<Call.Nothing, ?> list() {
      return CloseApi.reviewListResourceListInvoiceReviews().month(month);
    }
  }

  /** A command about a draft. */
  abstract static class OnInvoice extends FinanceInvoiceCommand {
    OnInvoice(CliContext context) {
      super(context);
    }

    final ExitCode showAnomalies(String id) {
      print(finance().anomalies(id), all -> ANOMALIES.table(all, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "What of an invoice is unlike last month.")
  static final class Show extends OnInvoice {
    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return showAnomalies(id());
    }
  }

  @Command(
      name = "look",
      mixinStandardHelpOptions = true,
      description = "Say that one has looked; with other figures it blocks again.")
  static final class Look extends OnInvoice {
    @Option(names = "--all", description = "At everything that nobody looked at yet.")
    private boolean all;

    @Option(names = "--code", paramLabel = "CODE", description = "At these, as listed.")
    private @Nullable String code;

    @Option(names = "--subject", paramLabel = "TEXT", description = "At those of it, as listed.")
    private @Nullable String subject;

    @Option(names = "--note", required = true, paramLabel = "TEXT", description = "What was found.")
    private String note = "";

    Look(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      if (!all && code == null && subject == null) {
        throw new CliException(ExitCode.USAGE, "Give --all, --code or --subject.");
      }
      String id = id();
      int looked = finance().lookAtAnomalies(id, note, this::meant);
      say("%s looked at.", looked);
      return showAnomalies(id);
    }

    private boolean meant(JsonNode anomaly) {
      return (code == null || anomaly.path("code").asText().equals(code))
          && (subject == null || anomaly.path("subject").asText().equals(subject));
    }
  }
}
