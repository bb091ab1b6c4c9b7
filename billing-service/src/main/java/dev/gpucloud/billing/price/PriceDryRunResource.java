package dev.gpucloud.billing.price;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.statement.StatementService;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.contracts.money.Money;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tries a price book on a month that was, and changes nothing. */
@Path("/api/v1/finance/price-books")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class PriceDryRunResource {
  private static final String BOOK =
      """
      {
        "gpuModels": [{"id": "b200-sxm-180g"}],
        "sites": [{"id": "kr-ulsan-1", "region": "kr-ulsan"}],
        "priceBook": {
          "effectiveFrom": "2028-01-01",
          "onDemandPerGpuHour": {"b200-sxm-180g": 7200},
          "preemptiblePct": 40
        }
      }""";

  private final Transactions transactions;
  private final PriceRepository prices;
  private final AccountRepository accounts;
  private final StatementService statements;

  PriceDryRunResource(
      Transactions transactions,
      PriceRepository prices,
      AccountRepository accounts,
      StatementService statements) {
    this.transactions = transactions;
    this.prices = prices;
    this.accounts = accounts;
    this.statements = statements;
  }

  /** An account's supply value at the prices in force then, and at those of the draft. */
  @Schema(name = "PriceDryRunDifference")
  record DifferenceView(
      String accountId, String name, String businessNumber, Money now, Money draft, Money more) {

    static DifferenceView of(Account a, Statement now, Statement draft) {
      return new DifferenceView(
          a.id().toString(),
          a.name(),
          a.businessNumber(),
          Money.krw(now.supplyValue().amount()),
          Money.krw(draft.supplyValue().amount()),
          Money.krw(draft.supplyValue().minus(now.supplyValue()).amount()));
    }
  }

  @POST
  @Path("/dry-run")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(
      summary = "What a draft price book would have made of a month, by account",
      description =
          "The body is a price book as for import. Its prices and discounts count as if they had"
              + " been in force through the month, whatever their effectiveFrom; contracts, tiers"
              + " and commitments stay as agreed. Nothing is stored. Ask with the same body for the"
              + " next page.")
  @RequestBody(
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(type = SchemaType.OBJECT, additionalProperties = Schema.True.class),
              example = BOOK))
  public Uni<Page<DifferenceView>> dryRun(
      @QueryParam("month") @Parameter(description = "A Seoul month.", example = "2026-10")
          @Nullable String month,
      @BeanParam PageRequest page,
      @Nullable JsonNode body) {
    if (body == null) {
      throw ProblemType.MALFORMED_BODY.because("The body is empty.").at("", "is required");
    }
    BillingMonth of = month(month);
    PriceSheet sheet = PriceSheetReader.read(body);
    String after = page.after().getOrDefault("number", "");
    return transactions
        .asPlatform(
            s ->
                prices
                    .all(s)
                    .chain(
                        known -> prices.discounts(s).map(d -> PriceDryRun.card(known, d, sheet))))
        .chain(
            card ->
                transactions
                    .asPlatform(s -> accounts.list(s, after, page.limit()))
                    .chain(
                        found ->
                            Multi.createFrom()
                                .iterable(found)
                                .onItem()
                                .transformToUniAndConcatenate(a -> difference(a, of, card))
                                .collect()
                                .asList()))
        .map(all -> page.page(all, v -> v, v -> Map.of("number", v.businessNumber())));
  }

  private Uni<DifferenceView> difference(Account account, BillingMonth month, RateCard draft) {
    return transactions
        .asPlatform(s -> statements.load(s, account, month))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(inputs -> DifferenceView.of(account, inputs.state(), inputs.state(draft)));
  }

  private static BillingMonth month(@Nullable String text) {
    try {
      return BillingMonth.parse(text == null ? "" : text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PARAMETER
          .because("A month is a Seoul calendar month such as 2026-10.")
          .at("month", "must be of the form 2026-10");
    }
  }
}
