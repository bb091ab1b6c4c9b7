package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** A command that shows everything of one kind that a billing account has. */
abstract class AccountListCommand extends ListCommand {
  @Mixin private final BillingAccountsCommand.Named account = new BillingAccountsCommand.Named();

  private final Function<String, Call<Call.Nothing, ?>> ofAccount;

  AccountListCommand(
      CliContext context, Columns columns, Function<String, Call<Call.Nothing, ?>> ofAccount) {
    super(context, columns);
    this.ofAccount = ofAccount;
  }

  @Override
  final Call<Call.Nothing, ?> list() {
    return ofAccount.apply(account.name());
  }
}
