package dev.gpucloud.cli;

import picocli.CommandLine.Command;

@Command(
    name = "finance",
    mixinStandardHelpOptions = true,
    description = "For the finance department.",
    subcommands = {
      BillingAccountsCommand.class,
      PriceBookCommand.class,
      AgreementsCommand.class,
      PrepaidCommand.class,
      TierPoolsCommand.class,
      FinanceUsageCommand.class,
      FinanceInvoicesCommand.class,
      ReviewsCommand.class,
      CommentsCommand.class,
      NotesCommand.class,
      TaxDocumentsCommand.class,
      LateUsageCommand.class,
      PaymentsCommand.class,
      ReceivablesCommand.class,
      CloseCommand.class,
      ReconcileCommand.class,
      LedgerCommand.class,
      TrialBalanceCommand.class,
      FinanceExportCommand.class
    },
    footer = {
      "",
      "A month, from draft to books:",
      "  finance close start 2026-11          draft what can be, see what blocks",
      "  finance reviews list -m 2026-11      what is unlike last month",
      "  finance invoices approve inv_...     as the second person, then issue",
      "  finance payments import bank.csv     what came in, and what it pays",
      "  finance trial-balance                what the books come to"
    })
final class FinanceCommand extends CommandGroup {
  FinanceCommand(CliContext context) {}
}
