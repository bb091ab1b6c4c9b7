package dev.gpucloud.cli;

import picocli.CommandLine.Mixin;

/** A command that shows everything of one kind that a billing account has. */
abstract class AccountListCommand extends ListCommand {
  @Mixin private final BillingAccountsCommand.Named account = new BillingAccountsCommand.Named();

  private final String what;

  AccountListCommand(CliContext context, String what, Columns columns) {
    super(context, columns);
    this.what = what;
  }

  @Override
  final String path() {
    return account.path() + "/" + what;
  }
}
