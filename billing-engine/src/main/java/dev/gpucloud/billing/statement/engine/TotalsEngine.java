package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.Rating.Unpriced;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The lines and totals of {@link StatementEngine} without the rows below them: what a month comes
 * to so far, or would come to with other prices. Amounts are linear in time, so it sums whole
 * milliseconds and multiplies once for each line; the result is the same to the last fraction. What
 * depends on single rows by their time, promotional credits, usage commitments and grants, it
 * leaves to the other.
 */
public final class TotalsEngine {
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

  private final PriceBook book;
  private final Map<TenantId, List<RunUsage>> runsByTenant;

  public TotalsEngine(PriceBook book, Collection<RunUsage> runs) {
    this.book = book;
    this.runsByTenant =
        runs.stream()
            .collect(Collectors.groupingBy(r -> r.intervals().getFirst().scope().tenantId()));
  }

  /** Whether the account's month can be stated without rows; false for an account unknown. */
  public boolean canState(String accountId) {
    return book.accounts().containsKey(accountId)
        && book.pooledWith(accountId).stream()
            .map(book.accounts()::get)
            .allMatch(
                account ->
                    account == null
                        || account.usageCommitments().isEmpty()
                            && account.grantShares().isEmpty()
                            && account.credits().isEmpty());
  }

  /**
   * What a month comes to.
   *
   * @throws IllegalArgumentException for an account that {@link #canState} refuses
   */
  public Totals state(String accountId, BillingMonth month) {
    if (!canState(accountId)) {
      throw new IllegalArgumentException("account " + accountId + " needs rows");
    }
    AccountTerms account = book.accounts().get(accountId);
    List<Tally> own = tallies(account, month);
    Map<String, Rational> quantities = new HashMap<>();
    for (String member : book.pooledWith(accountId)) {
      AccountTerms other = book.accounts().get(member);
      if (other != null) {
        List<Tally> theirs = member.equals(accountId) ? own : tallies(other, month);
        theirs.forEach(tally -> tally.quantities(quantities));
      }
    }
    return document(account, month, own, quantities);
  }

  private List<Tally> tallies(AccountTerms account, BillingMonth month) {
    RateCard card = book.rateCard().with(account.contracts());
    List<Tally> tallies = new ArrayList<>();
    account.tenants().forEach((tenant, terms) -> tallies.add(tally(card, terms, tenant, month)));
    return tallies;
  }

  private Tally tally(RateCard card, Timeline<Terms> terms, TenantId tenant, BillingMonth month) {
    var tally = new Tally(card, terms, month.start(), month.end());
    runsByTenant.getOrDefault(tenant, List.of()).forEach(tally::add);
    return tally;
  }

  private static Totals document(
      AccountTerms account, BillingMonth month, List<Tally> own, Map<String, Rational> quantities) {
    var lines = new Lines();
    Map<Key, Rational> usage = new HashMap<>();
    for (Tally tally : own) {
      tally.sums(
          (stretch, sku, project, unitMillis) -> {
            var key =
                new Key(
                    project,
                    sku,
                    stretch.price().lineVersion(),
                    account.taxTypeIn(month, sku),
                    LineCategory.USAGE,
                    month);
            Rational hours = Rational.of(unitMillis, HOUR_MILLIS);
            Tiers tiers = stretch.price().tiers();
            Rational base =
                tiers == null
                    ? stretch.price().listPriceKrwPerHour()
                    : tiers.averagePrice(quantities.getOrDefault(sku, Rational.ZERO));
            Rational exact = base.multiply(stretch.factor()).multiply(hours);
            lines.add(key, exact, hours, List.of());
            usage.merge(key, exact, Rational::add);
          });
    }
    StatementEngine.addFees(lines, account, List.of(), List.of(), month);
    Won used =
        usage.values().stream()
            .map(exact -> new Won(exact.roundHalfUpToLong()))
            .reduce(Won.ZERO, Won::plus);
    StatementEngine.addTrueUps(lines, account, used, month);
    Lines.Document document = lines.document(account.taxation().includesVat());
    List<Unpriced> unpriced = own.stream().flatMap(tally -> tally.unpriced().stream()).toList();
    return new Totals(
        account,
        month,
        account.taxTypeIn(month),
        document.lines(),
        used,
        document.supply(),
        document.vat(),
        document.supply().plus(document.vat()),
        unpriced);
  }

  /**
   * A month without its rows; lines have no parts.
   *
   * @param usage what usage lines come to
   * @param unpriced SKUs without a price, from their first use without one
   */
  public record Totals(
      AccountTerms account,
      BillingMonth month,
      TaxType taxType,
      List<StatementLine> lines,
      Won usage,
      Won supplyValue,
      Won vat,
      Won total,
      List<Unpriced> unpriced) {}

  /** What is summed for one stretch of prices and one project. */
  @FunctionalInterface
  interface SumVisitor {
    void visit(Tally.Priced stretch, String sku, ProjectId project, long unitMillis);
  }
}
