package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.FinanceApi;
import dev.gpucloud.client.api.PricesApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "prices",
    mixinStandardHelpOptions = true,
    description = "List prices, try a price book on a past month, and bring it into force.",
    subcommands = {
      PriceBookCommand.ListAll.class,
      PriceBookCommand.DryRun.class,
      PriceBookCommand.Import.class
    },
    footer = {"", "What a price book looks like: docs/prices, with a schema and an example."})
final class PriceBookCommand extends CommandGroup {
  PriceBookCommand(CliContext context) {}

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Prices in force, by SKU.")
  static final class ListAll extends ListCommand {
    ListAll(CliContext context) {
      super(
          context,
          new Columns()
              .text("SKU", "sku")
              .text("UNIT", "unit")
              .won("LIST PRICE", "listPrice")
              .won("PRICE", "price")
              .left("TIERS", ListAll::tiers)
              .text("VERSION", "version")
              .time("FROM (SEOUL)", "effectiveFrom"));
    }

    /** List prices of the bands; a row's price is that of the first one. */
    private static String tiers(JsonNode price) {
      JsonNode bands = price.at("/tiers/bands");
      if (bands.isEmpty()) {
        return Fields.NONE;
      }
      var text = new StringJoiner(", ", Fields.text(price, "tiers.mode") + " ", "");
      for (JsonNode band : bands) {
        String end =
            band.hasNonNull("upToHours")
                ? "<=" + Fields.grouped(Fields.text(band, "upToHours")) + "h"
                : "";
        text.add((end + " " + Fields.grouped(Fields.text(band, "priceKrw"))).strip());
      }
      return text.toString();
    }

    @Override
    Call<Call.Nothing, ?> list() {
      return PricesApi.pricesResourceList();
    }
  }

  @Command(
      name = "dry-run",
      mixinStandardHelpOptions = true,
      description = {
        "What a price book would have made of a month, by account.",
        "Nothing is stored."
      })
  static final class DryRun extends ApiCommand {
    private static final Columns DIFFERENCES =
        new Columns()
            .text("ACCOUNT", "accountId")
            .text("BUSINESS NO", "businessNumber")
            .text("NAME", "name")
            .won("NOW", "now")
            .won("DRAFT", "draft")
            .won("MORE", "more");

    @Parameters(
        paramLabel = "FILE",
        description = "The price book, YAML or JSON (see docs/prices).")
    private Path file;

    @Option(
        names = {"-m", "--month"},
        required = true,
        paramLabel = "YYYY-MM",
        description = "Billing month.")
    private String month = "";

    @SuppressWarnings("NullAway.Init")
    DryRun(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode all = Json.object().set("items", differences(book()));
      print(all, found -> DIFFERENCES.table(found.path("items"), terminal()));
      return ExitCode.OK;
    }

    private ArrayNode differences(JsonNode book) {
      ArrayNode all = Json.MAPPER.createArrayNode();
      String next = null;
      do {
        var call = FinanceApi.priceDryRunResourceDryRun().month(month).pageToken(next);
        JsonNode page = api().send(call, book, Map.of()).body();
        page.path("items").forEach(all::add);
        next = page.hasNonNull("nextPageToken") ? page.path("nextPageToken").asText() : null;
      } while (next != null);
      return all;
    }

    private JsonNode book() {
      try {
        return Json.parseYaml(new WorkingFolder(context()).read(file));
      } catch (IOException e) {
        throw new CliException(ExitCode.USAGE, file + " is no YAML or JSON.");
      }
    }
  }

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = "Add the versions of a price book; the same book again changes nothing.")
  static final class Import extends ApiCommand {
    @Parameters(
        paramLabel = "FILE",
        description = "The price book, YAML or JSON (see docs/prices).")
    private Path file;

    @SuppressWarnings("NullAway.Init")
    Import(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      byte[] book = new WorkingFolder(context()).read(file);
      print(
          api().upload(FinanceApi.pricesResourceImportPrices(), book, "application/yaml").body(),
          done ->
              text(
                  "%s SKUs: %s prices and %s discounts are new, %s and %s were known.%n",
                  Fields.text(done, "skus"),
                  Fields.text(done, "pricesCreated"),
                  Fields.text(done, "discountsCreated"),
                  Fields.text(done, "pricesUnchanged"),
                  Fields.text(done, "discountsUnchanged")));
      return ExitCode.OK;
    }
  }
}
