package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.FinanceApi;
import dev.gpucloud.client.model.AgreementBand;
import dev.gpucloud.client.model.AgreementTerms;
import dev.gpucloud.client.model.AgreementTiers;
import dev.gpucloud.client.model.CreateAgreement;
import dev.gpucloud.client.model.End;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "agreements",
    mixinStandardHelpOptions = true,
    description = "Contract prices, tiers, commitments, monthly fees and tax types of an account.",
    subcommands = {
      AgreementsCommand.ListAll.class,
      AgreementsCommand.Create.class,
      AgreementsCommand.EndOne.class
    },
    footer = {
      "",
      "Bands of a month's hours, the last one without an end:",
      "  finance agreements create c-14 --account A --kind CONTRACT_PRICE \\",
      "    --from 2026-12-01 --item b200-sxm-180g --tiers GRADUATED \\",
      "    --band 1000:4500 --band 5000:4200 --band 3900"
    })
final class AgreementsCommand extends CommandGroup {
  private static final Columns COLUMNS =
      new Columns()
          .text("REFERENCE", "reference")
          .text("KIND", "kind")
          .left("FROM", row -> day(row, "from"))
          .left("BEFORE", row -> day(row, "until"))
          .left("TERMS", AgreementsCommand::terms)
          .text("BY", "agreedBy")
          .text("VERSION", "version");

  AgreementsCommand(CliContext context) {}

  private static String day(JsonNode agreement, String field) {
    return Fields.seoulTime(agreement, field).split(" ")[0];
  }

  private static String terms(JsonNode agreement) {
    return agreement.path("terms").properties().stream()
        .map(term -> term.getKey() + "=" + term(term.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String term(JsonNode value) {
    return value.isContainerNode() ? value.toString() : value.asText();
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "What is agreed, by reference.")
  static final class ListAll extends AccountListCommand {
    ListAll(CliContext context) {
      super(context, COLUMNS, FinanceApi::agreementsResourceList);
    }
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Agree from a day on; months that have an invoice are not changed.")
  static final class Create extends ApiCommand {
    @Mixin private final BillingAccountsCommand.Named account = new BillingAccountsCommand.Named();

    @Parameters(paramLabel = "REFERENCE", description = "The contract's number.")
    private String reference = "";

    @Option(
        names = "--kind",
        required = true,
        paramLabel = "KIND",
        description =
            "CONTRACT_PRICE, USAGE_COMMITMENT, SPEND_COMMITMENT, MONTHLY_FEE or TAXATION.")
    private String kind = "";

    @Option(
        names = "--from",
        required = true,
        paramLabel = "YYYY-MM-DD",
        description = "First day.")
    private String from = "";

    @Option(names = "--until", paramLabel = "YYYY-MM-DD", description = "Last day.")
    private @Nullable String until;

    @Option(
        names = "--sku",
        paramLabel = "SKU",
        description = "What the price or commitment is for; TAXATION: whose lines alone it is for.")
    private @Nullable String sku;

    @Option(
        names = "--item",
        paramLabel = "ITEM",
        description = "Instead of an SKU: a GPU model or MIG type in every class and region.")
    private @Nullable String item;

    @Option(names = "--price", paramLabel = "WON", description = "Won per hour.")
    private @Nullable String price;

    @Option(names = "--tiers", paramLabel = "MODE", description = "GRADUATED or VOLUME.")
    private @Nullable String tiers;

    @Option(
        names = "--band",
        paramLabel = "[HOURS:]WON",
        description = "A band up to so many hours and its price; the last one has no hours.")
    private List<String> bands = List.of();

    @Option(names = "--commitment", paramLabel = "KIND", description = "HOURLY or POOLED.")
    private @Nullable String commitment;

    @Option(names = "--units", paramLabel = "UNITS", description = "HOURLY: units in every hour.")
    private @Nullable String units;

    @Option(
        names = "--hours-per-month",
        paramLabel = "HOURS",
        description = "POOLED: hours in a month.")
    private @Nullable String hoursPerMonth;

    @Option(
        names = "--overage-price",
        paramLabel = "WON",
        description = "Won per hour above what is committed.")
    private @Nullable String overagePrice;

    @Option(
        names = "--amount-per-month",
        paramLabel = "WON",
        description = "SPEND_COMMITMENT, MONTHLY_FEE: whole won.")
    private @Nullable String amountPerMonth;

    @Option(names = "--name", paramLabel = "TEXT", description = "MONTHLY_FEE: what it is for.")
    private @Nullable String name;

    @Option(
        names = "--tax-type",
        paramLabel = "TYPE",
        description = "TAXATION: TAXED, ZERO_RATED or EXEMPT.")
    private @Nullable String taxType;

    @Option(
        names = "--evidence",
        paramLabel = "TEXT",
        description = "ZERO_RATED: what it rests on; --until is its last day.")
    private @Nullable String evidence;

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      CreateAgreement body = new CreateAgreement().reference(reference).kind(kind);
      body.from(from).until(until).terms(terms());
      var call = FinanceApi.agreementsResourceAgree(account.name());
      return showOne(api().post(call, body, repeat.key()).body(), COLUMNS);
    }

    private AgreementTerms terms() {
      AgreementTerms terms = new AgreementTerms().sku(sku).item(item).priceKrw(price);
      if (tiers != null || !bands.isEmpty()) {
        terms.tiers(
            new AgreementTiers().mode(tiers).bands(bands.stream().map(Create::band).toList()));
      }
      return terms
          .commitment(commitment)
          .units(units)
          .hoursPerMonth(hoursPerMonth)
          .overagePriceKrw(overagePrice)
          .amountKrwPerMonth(amountPerMonth)
          .name(name)
          .taxType(taxType)
          .evidence(evidence);
    }

    private static AgreementBand band(String text) {
      int colon = text.indexOf(':');
      AgreementBand band = new AgreementBand();
      if (colon >= 0) {
        band.upToHours(text.substring(0, colon));
      }
      return band.priceKrw(text.substring(colon + 1));
    }
  }

  @Command(
      name = "end",
      mixinStandardHelpOptions = true,
      description = "End an agreement earlier than agreed.")
  static final class EndOne extends ApiCommand {
    @Mixin private final BillingAccountsCommand.Named account = new BillingAccountsCommand.Named();

    @Parameters(paramLabel = "REFERENCE", description = "The contract's number.")
    private String reference = "";

    @Option(
        names = "--until",
        required = true,
        paramLabel = "YYYY-MM-DD",
        description = "Last day.")
    private String until = "";

    EndOne(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var list = FinanceApi.agreementsResourceList(account.name());
      JsonNode now = listed(list, "reference", reference);
      var call = FinanceApi.agreementsResourceEnd(account.name(), reference);
      return showOne(api().send(call, new End().until(until), ifMatch(now)).body(), COLUMNS);
    }
  }
}
