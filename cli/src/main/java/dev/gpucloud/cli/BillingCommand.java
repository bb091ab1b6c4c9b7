package dev.gpucloud.cli;

import picocli.CommandLine.Command;

@Command(
    name = "billing",
    mixinStandardHelpOptions = true,
    description = "What a tenant wants to spend.",
    subcommands = {SpendBudgetsCommand.class})
final class BillingCommand extends CommandGroup {
  BillingCommand(CliContext context) {}
}
