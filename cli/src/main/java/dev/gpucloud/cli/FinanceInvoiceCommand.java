package dev.gpucloud.cli;

import picocli.CommandLine.Parameters;

/** A command of finance on one invoice, which is named by its id or number. */
abstract class FinanceInvoiceCommand extends ApiCommand {
  @Parameters(index = "0", paramLabel = "INVOICE", description = "Its id or number.")
  private String invoice = "";

  FinanceInvoiceCommand(CliContext context) {
    super(context);
  }

  /** As it was named. */
  final String invoice() {
    return invoice;
  }

  final FinanceInvoices finance() {
    return new FinanceInvoices(api());
  }

  /** Its id, whatever it was named by. */
  final String id() {
    return finance().id(invoice);
  }
}
