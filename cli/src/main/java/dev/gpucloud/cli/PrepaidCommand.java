package dev.gpucloud.cli;

import dev.gpucloud.client.api.FinanceApi;
import dev.gpucloud.client.model.TopUp;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "prepaid",
    mixinStandardHelpOptions = true,
    description = "Money that an account paid before, and what is left of it.",
    subcommands = {
      PrepaidCommand.ListAll.class,
      PrepaidCommand.Add.class,
      PrepaidCommand.Lapse.class
    })
final class PrepaidCommand extends CommandGroup {
  private static final Columns COLUMNS =
      new Columns()
          .text("ID", "id")
          .won("AMOUNT", "amount")
          .won("LEFT", "left")
          .won("LAPSED", "lapsed")
          .text("PRIORITY", "priority")
          .time("PAID (SEOUL)", "paidAt")
          .time("EXPIRES (SEOUL)", "expiresAt")
          .text("NOTE", "note");

  PrepaidCommand(CliContext context) {}

  @Command(name = "list", mixinStandardHelpOptions = true, description = "All of an account.")
  static final class ListAll extends AccountListCommand {
    ListAll(CliContext context) {
      super(context, COLUMNS, FinanceApi::agreementsResourcePrepaid);
    }
  }

  @Command(
      name = "top-up",
      mixinStandardHelpOptions = true,
      description = "Book money that pays the account's next invoices.")
  static final class Add extends ApiCommand {
    @Mixin private final BillingAccountsCommand.Named account = new BillingAccountsCommand.Named();

    @Option(names = "--amount", required = true, paramLabel = "WON", description = "Whole won.")
    private String amount = "";

    @Option(names = "--from", paramLabel = "YYYY-MM-DD", description = "First day it may pay.")
    private @Nullable String from;

    @Option(names = "--expires", paramLabel = "YYYY-MM-DD", description = "Last day it may pay.")
    private @Nullable String expires;

    @Option(names = "--priority", paramLabel = "NUMBER", description = "A lower one pays first.")
    private @Nullable Integer priority;

    @Option(names = "--note", paramLabel = "TEXT", description = "What it is for.")
    private @Nullable String note;

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Add(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      TopUp body = new TopUp().amountKrw(amount).priority(priority);
      body.from(from).expires(expires).note(note);
      var call = FinanceApi.agreementsResourceTopUp(account.name());
      return showOne(api().post(call, body, repeat.key()).body(), COLUMNS);
    }
  }

  @Command(
      name = "lapse",
      mixinStandardHelpOptions = true,
      description = "Book what is left of expired money as income.")
  static final class Lapse extends ApiCommand {
    @Mixin private final BillingAccountsCommand.Named account = new BillingAccountsCommand.Named();

    @Parameters(paramLabel = "ID", description = "As listed.")
    private String id = "";

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Lapse(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var call = FinanceApi.agreementsResourceLapse(account.name(), id);
      return showOne(api().post(call, null, repeat.key()).body(), COLUMNS);
    }
  }
}
