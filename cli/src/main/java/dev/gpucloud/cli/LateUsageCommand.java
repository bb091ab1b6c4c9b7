package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.FinanceApi;
import dev.gpucloud.client.model.SetLateUsagePolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "late-usage",
    mixinStandardHelpOptions = true,
    description = "What arrived for closed months and was not charged yet, by its age.",
    subcommands = {LateUsageCommand.Policy.class, LateUsageCommand.SetPolicy.class})
final class LateUsageCommand extends ListCommand {
  private static final Columns POLICY =
      new Columns()
          .text("CHARGED BY", "way")
          .won("WRITTEN OFF BELOW", "writeOffBelowKrw")
          .text("VERSION", "version");

  LateUsageCommand(CliContext context) {
    super(
        context,
        new Columns()
            .text("WHO", "accountName")
            .text("INVOICE", "invoiceNumber")
            .text("MONTH", "month")
            .won("CHARGED", "chargedSupplyValue")
            .won("RIGHT", "rightSupplyValue")
            .won("CHANGE", "change")
            .number("DAYS", "ageDays")
            .text("CHARGED BY", "outcome"));
  }

  @Override
  Call<Call.Nothing, ?> list() {
    return FinanceApi.lateUsageResourceLateUsage();
  }

  @Command(
      name = "policy",
      mixinStandardHelpOptions = true,
      description = "How an account's late usage is charged.")
  static final class Policy extends ApiCommand {
    @Mixin private final BillingAccountsCommand.Named account = new BillingAccountsCommand.Named();

    Policy(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(
          api().get(FinanceApi.latePolicyResourceLateUsagePolicy(account.name())).body(),
          now -> POLICY.one(now, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "set-policy",
      mixinStandardHelpOptions = true,
      description = "Say how an account's late usage is charged from now on.")
  static final class SetPolicy extends ApiCommand {
    @Mixin private final BillingAccountsCommand.Named account = new BillingAccountsCommand.Named();

    @Option(
        names = "--way",
        required = true,
        paramLabel = "WAY",
        description = "NEXT_INVOICE, or AMENDED: a note amends the month's tax document.")
    private String way = "";

    @Option(
        names = "--write-off-below",
        paramLabel = "WON",
        description = "A smaller change is written off.")
    private @Nullable String writeOffBelow;

    SetPolicy(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var shown = FinanceApi.latePolicyResourceLateUsagePolicy(account.name());
      var call = FinanceApi.latePolicyResourceSetLateUsagePolicy(account.name());
      SetLateUsagePolicy body = new SetLateUsagePolicy().way(way).writeOffBelowKrw(writeOffBelow);
      print(
          api().send(call, body, ifMatch(api().get(shown).body())).body(),
          now -> POLICY.one(now, terminal()));
      return ExitCode.OK;
    }
  }
}
