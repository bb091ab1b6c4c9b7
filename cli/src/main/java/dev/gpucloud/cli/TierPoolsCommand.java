package dev.gpucloud.cli;

import dev.gpucloud.client.api.FinanceApi;
import dev.gpucloud.client.model.SetTierPool;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "tier-pools",
    mixinStandardHelpOptions = true,
    description = "Accounts that count together for tiers.",
    subcommands = {TierPoolsCommand.ListAll.class, TierPoolsCommand.Set.class})
final class TierPoolsCommand extends CommandGroup {
  private static final Columns COLUMNS =
      new Columns()
          .text("NAME", "name")
          .text("FROM", "fromMonth")
          .left("ACCOUNTS", pool -> Json.joined(pool.path("accounts")))
          .text("VERSION", "version");

  TierPoolsCommand(CliContext context) {}

  @Command(name = "list", mixinStandardHelpOptions = true, description = "By name.")
  static final class ListAll extends ApiCommand {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(
          api().get(FinanceApi.tierPoolsResourceList()).body(),
          all -> COLUMNS.table(all, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Say who counts together from a month on; nobody dissolves the pool.")
  static final class Set extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "Name of the pool.")
    private String name = "";

    @Option(
        names = "--from-month",
        required = true,
        paramLabel = "YYYY-MM",
        description = "First month.")
    private String fromMonth = "";

    @Option(
        names = "--account",
        paramLabel = "ACCOUNT",
        description = "Id of a billing account; once for each.")
    private List<String> accounts = List.of();

    Set(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      SetTierPool body = new SetTierPool().accounts(accounts).fromMonth(fromMonth);
      Map<String, String> headers = Map.of("If-Match", "\"" + version() + "\"");
      return showOne(
          api().send(FinanceApi.tierPoolsResourceSet(name), body, headers).body(), COLUMNS);
    }

    private int version() {
      return StreamSupport.stream(
              api().get(FinanceApi.tierPoolsResourceList()).body().spliterator(), false)
          .filter(pool -> pool.path("name").asText().equals(name))
          .mapToInt(pool -> pool.path("version").asInt())
          .findFirst()
          .orElse(0);
    }
  }
}
