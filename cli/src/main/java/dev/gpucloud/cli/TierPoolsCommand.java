package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
  private static final String PATH = "/finance/tier-pools";
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
      print(api().get(PATH).body(), all -> COLUMNS.table(all, terminal()));
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
      ObjectNode body = Json.object();
      ArrayNode ids = body.putArray("accounts");
      accounts.forEach(ids::add);
      body.put("fromMonth", fromMonth);
      Map<String, String> headers = Map.of("If-Match", "\"" + version() + "\"");
      return showOne(
          api().send("PUT", PATH + "/" + ApiClient.escape(name), body, headers).body(), COLUMNS);
    }

    /** The version that stands now; 0 before there is one. */
    private int version() {
      return StreamSupport.stream(api().get(PATH).body().spliterator(), false)
          .filter(pool -> pool.path("name").asText().equals(name))
          .mapToInt(pool -> pool.path("version").asInt())
          .findFirst()
          .orElse(0);
    }
  }
}
