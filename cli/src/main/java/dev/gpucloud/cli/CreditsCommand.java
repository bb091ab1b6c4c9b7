package dev.gpucloud.cli;

import dev.gpucloud.client.api.FinanceApi;
import dev.gpucloud.client.api.GrantAwardsApi;
import dev.gpucloud.client.api.InvoicesApi;
import dev.gpucloud.client.model.GiveCredit;
import dev.gpucloud.client.model.WithdrawCredit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "credits",
    mixinStandardHelpOptions = true,
    description = "Won that a tenant is given and need not pay, such as a startup's credit.",
    subcommands = {
      CreditsCommand.ListAll.class,
      CreditsCommand.Balances.class,
      CreditsCommand.Create.class,
      CreditsCommand.Withdraw.class
    })
final class CreditsCommand extends CommandGroup {
  private static final Columns COLUMNS =
      new Columns()
          .text("NAME", "name")
          .number("KRW", "amountKrw")
          .text("EXPIRES", "expires")
          .text("STATE", "state")
          .time("WITHDRAWN (SEOUL)", "withdrawnAt");

  CreditsCommand(CliContext context) {}

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "Those that a tenant was given (owners, billing viewers, platform).",
        "'credits balances' says what is left of them."
      })
  static final class ListAll extends TenantCommand {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var mine = GrantAwardsApi.tenantCreditResourceListCredits(tenant());
      var ofAny = GrantAwardsApi.creditGrantResourceListCreditsOf(tenant());
      return show(Reached.list(api(), mine, ofAny), COLUMNS);
    }
  }

  @Command(
      name = "balances",
      mixinStandardHelpOptions = true,
      description = {
        "What issued invoices used of a tenant's credits, and what is left (owners, billing"
            + " viewers, finance).",
        "With -o json also by month."
      })
  static final class Balances extends TenantCommand {
    private static final Columns LEFT =
        new Columns()
            .text("NAME", "name")
            .number("GIVEN", "given")
            .number("USED", "used")
            .number("LAPSED", "lapsed")
            .number("LEFT", "left")
            .time("EXPIRES", "expiresAt");

    Balances(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var mine = InvoicesApi.creditBalancesResourceOfTenant(tenant());
      var ofAny = FinanceApi.creditBalancesResourceOfTenantForFinance().tenant(tenant());
      return show(Reached.list(api(), mine, ofAny), LEFT);
    }
  }

  @Command(
      name = "withdraw",
      mixinStandardHelpOptions = true,
      description = {
        "End a credit now, for good: it pays for no usage from here on (platform, finance).",
        "What it has paid stays paid; the tenant is told."
      })
  static final class Withdraw extends TenantCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "As listed.")
    private String name = "";

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why, as the tenant is told.")
    private String reason = "";

    Withdraw(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var credits = GrantAwardsApi.creditGrantResourceListCreditsOf(tenant());
      String credit = listed(credits, "name", name).path("id").asText();
      var call = GrantAwardsApi.creditGrantResourceWithdrawCredit(credit, tenant());
      WithdrawCredit body = new WithdrawCredit().reason(reason);
      return showOne(api().post(call, body, ApiClient.newIdempotencyKey()).body(), COLUMNS);
    }
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = {
        "Give a tenant a credit, which pays its invoices by itself (platform, finance).",
        "A name is used once for a tenant."
      })
  static final class Create extends TenantCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Such as startup-credit.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "WON", description = "Whole won.")
    private long won;

    @Option(
        names = "--expires",
        required = true,
        paramLabel = "YYYY-MM-DD",
        description = "The last day in Seoul.")
    private String expires = "";

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why, as the audit log will say.")
    private String reason = "";

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      GiveCredit body = new GiveCredit().name(name).amountKrw(won).expires(expires).reason(reason);
      var call = GrantAwardsApi.creditGrantResourceGiveCredit(tenant());
      return showOne(api().post(call, body, repeat.key()).body(), COLUMNS);
    }
  }
}
