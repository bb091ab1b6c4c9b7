package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.rating.engine.CreditEngine;
import dev.gpucloud.billing.rating.engine.CreditGrant;
import dev.gpucloud.billing.rating.engine.PriceVersion;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.billing.rating.engine.Rating;
import dev.gpucloud.billing.rating.engine.Rating.Unpriced;
import dev.gpucloud.billing.rating.engine.RatingEngine;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Turns a month's runs into what each account owes, in the order of the rules: rate, commitment
 * coverage, shares of grants, tiers, discounts, promotional credits, lines, spend true-up, VAT,
 * prepaid credit. Pure: the same book and runs give the same statement, whatever their order.
 */
public final class StatementEngine {
  /** Stored on each invoice, so that the policy can change without changing old invoices. */
  public static final String ROUNDING_POLICY = "v1";

  private final PriceBook book;
  private final Map<TenantId, List<RunUsage>> runsByTenant;
  private final Instant until;

  public StatementEngine(PriceBook book, Collection<RunUsage> runs) {
    this(book, runs, Instant.MAX);
  }

  /**
   * @param until usage counts up to then; what a month comes to so far has the fees of all of it
   */
  public StatementEngine(PriceBook book, Collection<RunUsage> runs, Instant until) {
    this.book = book;
    this.until = until;
    this.runsByTenant =
        runs.stream()
            .collect(Collectors.groupingBy(r -> r.intervals().getFirst().scope().tenantId()));
  }

  /**
   * What an account owes for a month.
   *
   * @throws IllegalArgumentException when the book has no such account
   */
  public Statement state(String accountId, BillingMonth month) {
    return state(accountId, month, Map.of());
  }

  /** The same with corrections of earlier months among its lines, exact. */
  public Statement state(String accountId, BillingMonth month, Map<Key, Rational> corrections) {
    return state(accountId, month, corrections, List.of());
  }

  /**
   * The same with usage that was rated before, of runs that are not among the engine's; its rows
   * are not among the statement's.
   *
   * @throws IllegalArgumentException also when the account's usage cannot be booked
   */
  public Statement state(
      String accountId,
      BillingMonth month,
      Map<Key, Rational> corrections,
      List<BookedUsage> booked) {
    AccountTerms account = book.accounts().get(accountId);
    if (account == null) {
      throw new IllegalArgumentException("the price book has no account " + accountId);
    }
    if (!booked.isEmpty() && !DayBook.isEnoughFor(account)) {
      throw new IllegalArgumentException("account " + accountId + " needs rows");
    }
    Covered own = cover(account, month);
    Map<String, ExactSum> hours = new HashMap<>();
    var unpriced = new ArrayList<>(own.unpriced());
    for (String member : new TreeSet<>(book.pooledWith(accountId))) {
      AccountTerms other = book.accounts().get(member);
      if (other != null) {
        Covered theirs = member.equals(accountId) ? own : cover(other, month);
        theirs.parts().stream()
            .filter(p -> !p.isCovered())
            .forEach(
                p ->
                    hours
                        .computeIfAbsent(p.row().price().sku(), sku -> new ExactSum())
                        .add(p.quantityHours()));
        if (theirs != own) {
          unpriced.addAll(missing(theirs, own));
        }
      }
    }
    Map<String, Rational> totals = new HashMap<>();
    hours.forEach((sku, sum) -> totals.put(sku, sum.value()));
    Map<PriceVersion, Rational> averages = new IdentityHashMap<>();
    List<Part> priced = own.parts().stream().map(p -> tiered(p, totals, averages)).toList();
    var known = new Covered(own.parts(), own.uses(), List.copyOf(unpriced));
    return document(account, month, known, priced, corrections, booked);
  }

  /** What another member of a pool used without a price, where the account's bands count it. */
  private static List<Unpriced> missing(Covered theirs, Covered own) {
    if (theirs.unpriced().isEmpty()) {
      return List.of();
    }
    Set<String> counted =
        own.parts().stream()
            .filter(part -> part.row().price().tiers() != null && !part.isFixedPrice())
            .map(part -> part.row().price().sku())
            .collect(Collectors.toSet());
    return theirs.unpriced().stream().filter(each -> counted.contains(each.sku())).toList();
  }

  private static Part tiered(
      Part part, Map<String, Rational> totals, Map<PriceVersion, Rational> averages) {
    PriceVersion price = part.row().price();
    Tiers tiers = price.tiers();
    return tiers == null || part.isFixedPrice()
        ? part
        : part.at(
            averages.computeIfAbsent(
                price, p -> tiers.averagePrice(totals.getOrDefault(p.sku(), Rational.ZERO))));
  }

  private record Covered(List<Part> parts, List<CommitmentUse> uses, List<Unpriced> unpriced) {}

  private Covered cover(AccountTerms account, BillingMonth month) {
    RateCard card = book.rateCard().with(account.contracts());
    Function<String, NavigableSet<Instant>> cuts = cuts(account, month);
    var rows = new ArrayList<RatedRow>();
    var unpriced = new ArrayList<Unpriced>();
    account
        .tenants()
        .forEach(
            (tenant, terms) -> {
              Rating rating = rate(card, terms, cuts, tenant, month);
              rows.addAll(rating.rows());
              unpriced.addAll(rating.unpriced());
            });
    List<Part> parts = rows.stream().sorted(RatedRow.BY_USAGE_TIME).map(Part::of).toList();
    Coverage.Result covered = Coverage.apply(parts, account.usageCommitments(), month);
    List<Part> shared = GrantCoverage.apply(covered.parts(), account.grantShares());
    return new Covered(shared, covered.uses(), List.copyOf(unpriced));
  }

  private Rating rate(
      RateCard card,
      Timeline<Terms> terms,
      Function<String, NavigableSet<Instant>> cuts,
      TenantId tenant,
      BillingMonth month) {
    Instant to = until.isBefore(month.end()) ? until : month.end();
    return new RatingEngine(card, terms, cuts)
        .rate(
            runsByTenant.getOrDefault(tenant, List.of()),
            month.start(),
            to.isBefore(month.start()) ? month.start() : to);
  }

  /**
   * Where rows are cut: at the bounds of credits and terms, and for hourly commitments and grants
   * each hour.
   */
  private static Function<String, NavigableSet<Instant>> cuts(
      AccountTerms account, BillingMonth month) {
    var bounds = new TreeSet<Instant>();
    for (AccountCredit credit : account.credits()) {
      bounds.add(credit.grant().validFrom());
      if (credit.grant().expiresAt() != null) {
        bounds.add(credit.grant().expiresAt());
      }
    }
    Map<String, NavigableSet<Instant>> byModel = new HashMap<>();
    for (GrantShare share : account.grantShares()) {
      byModel
          .computeIfAbsent(share.model(), m -> new TreeSet<>())
          .addAll(ClockHours.cuts(share.term(), month));
    }
    Map<String, NavigableSet<Instant>> bySku = new HashMap<>();
    for (UsageCommitment commitment : account.usageCommitments()) {
      bySku
          .computeIfAbsent(commitment.sku(), sku -> new TreeSet<>(bounds))
          .addAll(commitment.cuts(month));
    }
    return byModel.isEmpty()
        ? sku -> bySku.getOrDefault(sku, bounds)
        : sku -> {
          var all = new TreeSet<>(bySku.getOrDefault(sku, bounds));
          byModel.forEach(
              (model, cuts) -> {
                if (sku.startsWith(model + ".")) {
                  all.addAll(cuts);
                }
              });
          return all;
        };
  }

  private Statement document(
      AccountTerms account,
      BillingMonth month,
      Covered covered,
      List<Part> priced,
      Map<Key, Rational> corrections,
      List<BookedUsage> booked) {
    var balances = new CreditEngine.Balances(grants(account));
    List<Part> parts =
        priced.stream().sorted(Part.BY_USAGE_TIME).map(p -> net(account, balances, p)).toList();
    Instant writeDate = month.end().minusMillis(1);
    var lines = new Lines();
    parts.stream()
        .filter(part -> !part.isCovered())
        .forEach(part -> lines.add(keyOf(part, account, month), part));
    booked.forEach(usage -> lines.add(keyOf(usage, account, month), usage));
    Won usage = lines.usage();
    addFees(lines, account, covered.uses(), parts, month);
    addTrueUps(lines, account, usage, month);
    corrections.forEach((key, exact) -> lines.add(key, exact, Rational.ZERO, List.of()));
    Lines.Document document = lines.document(account.taxation().includesVat());
    Won total = document.supply().plus(document.vat());
    Won owed = account.mode().isOwed() ? total : Won.ZERO;
    List<Payment> payments = pay(account, owed, writeDate);
    Won paid = payments.stream().map(Payment::paid).reduce(Won.ZERO, Won::plus);
    return new Statement(
        account,
        month,
        account.taxTypeIn(month),
        parts,
        covered.uses(),
        document.lines(),
        usage,
        document.supply(),
        document.vat(),
        total,
        credits(account, balances, month),
        payments,
        owed.minus(paid),
        covered.unpriced());
  }

  private static List<CreditGrant> grants(AccountTerms account) {
    return account.credits().stream().map(AccountCredit::grant).toList();
  }

  private static Part net(AccountTerms account, CreditEngine.Balances balances, Part part) {
    TenantId tenant = part.row().scope().tenantId();
    Set<UUID> usable = new HashSet<>();
    for (AccountCredit credit : account.credits()) {
      if (credit.tenant() == null || credit.tenant().equals(tenant)) {
        usable.add(credit.grant().id());
      }
    }
    return usable.isEmpty()
        ? part
        : part.netted(
            balances.burn(part.row().start(), part.amount(), g -> usable.contains(g.id())));
  }

  private static Key keyOf(Part part, AccountTerms account, BillingMonth month) {
    String sku = part.row().price().sku();
    return new Key(
        part.row().scope().projectId(),
        sku,
        part.lineVersion(),
        account.taxTypeIn(month, sku),
        part.category(),
        month);
  }

  private static Key keyOf(BookedUsage usage, AccountTerms account, BillingMonth month) {
    return new Key(
        usage.project(),
        usage.sku(),
        usage.version(),
        account.taxTypeIn(month, usage.sku()),
        LineCategory.USAGE,
        month);
  }

  static void addFees(
      Lines lines,
      AccountTerms account,
      List<CommitmentUse> uses,
      List<Part> parts,
      BillingMonth month) {
    for (CommitmentUse use : uses) {
      UsageCommitment c = use.commitment();
      lines.add(
          new Key(
              null,
              c.sku(),
              c.id(),
              account.taxTypeIn(month, c.sku()),
              LineCategory.COMMITMENT_FEE,
              month),
          use.fee(),
          use.committedHours(),
          parts.stream().filter(p -> c.id().equals(p.coveredBy())).toList());
    }
    TaxType taxType = account.taxTypeIn(month);
    for (MonthlyFee fee : account.fees()) {
      Rational exact = fee.exactIn(month);
      if (exact.signum() != 0) {
        lines.add(
            new Key(null, fee.name(), fee.id(), taxType, LineCategory.COMMITMENT_FEE, month),
            exact,
            Rational.ZERO,
            List.of());
      }
    }
  }

  static void addTrueUps(Lines lines, AccountTerms account, Won usage, BillingMonth month) {
    TaxType taxType = account.taxTypeIn(month);
    for (SpendFloor floor : SpendFloor.of(account.spendCommitments(), month)) {
      long missing = floor.trueUp(usage).amount();
      if (missing > 0) {
        lines.add(
            new Key(null, floor.id(), floor.id(), taxType, LineCategory.TRUE_UP, month),
            Rational.of(missing),
            Rational.ZERO,
            List.of());
      }
    }
  }

  private static List<Payment> pay(AccountTerms account, Won total, Instant writeDate) {
    var payments = new ArrayList<Payment>();
    long open = total.amount();
    for (PrepaidCredit credit : account.prepaid().stream().sorted(PrepaidCredit.ORDER).toList()) {
      long paid =
          credit.paysAt(writeDate) ? Math.max(0, Math.min(open, credit.balance().amount())) : 0;
      payments.add(new Payment(credit, new Won(paid), credit.balance().minus(new Won(paid))));
      open -= paid;
    }
    return List.copyOf(payments);
  }

  private static List<CreditUse> credits(
      AccountTerms account, CreditEngine.Balances balances, BillingMonth month) {
    return account.credits().stream()
        .filter(credit -> !expiredBefore(credit.grant(), month))
        .map(
            credit -> {
              CreditGrant grant = credit.grant();
              Rational left = balances.left(grant.id());
              boolean lapses = grant.expiresAt() != null && !grant.expiresAt().isAfter(month.end());
              return new CreditUse(
                  credit,
                  grant.balance(),
                  grant.balance().subtract(left),
                  lapses ? left : Rational.ZERO,
                  lapses ? Rational.ZERO : left);
            })
        .toList();
  }

  /** Its rest has lapsed with the month that it expired in, once. */
  private static boolean expiredBefore(CreditGrant grant, BillingMonth month) {
    return grant.expiresAt() != null && !grant.expiresAt().isAfter(month.start());
  }
}
