package dev.gpucloud.billing.statement;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.account.AccountRepository.GrantWithBurns;
import dev.gpucloud.billing.account.GrantShares;
import dev.gpucloud.billing.agreement.Agreement;
import dev.gpucloud.billing.agreement.AgreementRepository;
import dev.gpucloud.billing.agreement.AgreementRepository.Prepaid;
import dev.gpucloud.billing.agreement.AgreementRepository.StoredPool;
import dev.gpucloud.billing.agreement.Agreements;
import dev.gpucloud.billing.booked.Booked;
import dev.gpucloud.billing.booked.BookedDay;
import dev.gpucloud.billing.booked.BookedDayRepository;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.price.PriceRepository;
import dev.gpucloud.billing.rating.UsageRepository;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.Rating.Unpriced;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.billing.statement.engine.AccountCredit;
import dev.gpucloud.billing.statement.engine.AccountTerms;
import dev.gpucloud.billing.statement.engine.DayBook;
import dev.gpucloud.billing.statement.engine.GrantShare;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.billing.statement.engine.PriceBasis;
import dev.gpucloud.billing.statement.engine.PriceBook;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementEngine;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.billing.statement.engine.TierPool;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Loads what an account's month comes to in one transaction; the engine works on it afterwards,
 * without one.
 */
@ApplicationScoped
public class StatementService {
  private final UsageRepository usage;
  private final PriceRepository prices;
  private final AccountRepository accounts;
  private final AgreementRepository agreements;
  private final GrantShares shares;
  private final BookedDayRepository books;

  StatementService(
      UsageRepository usage,
      PriceRepository prices,
      AccountRepository accounts,
      AgreementRepository agreements,
      GrantShares shares,
      BookedDayRepository books) {
    this.books = books;
    this.shares = shares;
    this.usage = usage;
    this.prices = prices;
    this.accounts = accounts;
    this.agreements = agreements;
  }

  /** An account's month with all that decides it, its tier pool's accounts included. */
  public record Inputs(
      Account account,
      BillingMonth month,
      RateCard card,
      List<AccountTerms> accounts,
      List<TierPool> pools,
      List<RunUsage> runs,
      Booked booked) {

    /** What the account owes. Costs time: call it on a worker thread. */
    public Statement state() {
      return state(card);
    }

    /** What it would owe at other list prices. */
    public Statement state(RateCard other) {
      return engine(other).state(account.id().toString(), month, Map.of(), booked.usage());
    }

    /** What it owes with corrections of earlier months, which may have taken of its credits. */
    public Statement state(Map<Key, Rational> corrections, Map<UUID, Rational> taken) {
      List<AccountTerms> left = accounts.stream().map(a -> a.afterCredits(taken)).toList();
      return new Inputs(account, month, card, left, pools, runs, booked)
          .engine(card)
          .state(account.id().toString(), month, corrections, booked.usage());
    }

    private StatementEngine engine(RateCard prices) {
      return new StatementEngine(PriceBook.of(prices, accounts, pools), runs);
    }

    /**
     * What a tenant used up to an instant and what that comes to, before credits: with what is
     * agreed with its account. What a commitment covers costs nothing here, its fee is paid.
     */
    public Used used(TenantId tenant, Instant until) {
      Statement all =
          new StatementEngine(PriceBook.of(card, accounts, pools), runs, until)
              .state(account.id().toString(), month);
      return new Used(
          all.parts().stream()
              .filter(part -> part.row().scope().tenantId().equals(tenant))
              .toList(),
          all.unpriced().isEmpty() ? List.of() : unpriced(tenant, until));
    }

    /** Alone, for the others' are not to be shown. */
    private List<Unpriced> unpriced(TenantId tenant, Instant until) {
      List<RunUsage> own =
          runs.stream()
              .filter(run -> run.intervals().getFirst().scope().tenantId().equals(tenant))
              .toList();
      return new StatementEngine(PriceBook.of(card, accounts, List.of()), own, until)
          .state(account.id().toString(), month)
          .unpriced();
    }

    /** What its tenants' prices rest on. */
    public PriceBasis basis() {
      return new PriceBasis(card, terms(), month);
    }

    private AccountTerms terms() {
      return accounts.stream()
          .filter(a -> a.id().equals(account.id().toString()))
          .findFirst()
          .orElseThrow();
    }

    /** What some of its runs come to by themselves; empty where rows depend on each other. */
    public Optional<Statement> alone(List<RunUsage> some) {
      return pools.isEmpty() && DayBook.isEnoughFor(terms())
          ? Optional.of(
              new Inputs(account, month, card, accounts, pools, some, Booked.NOTHING).state())
          : Optional.empty();
    }

    /** Whether anything is left to burn, so that the order of the months matters. */
    public boolean hasBalance() {
      return accounts.stream()
          .filter(a -> a.id().equals(account.id().toString()))
          .anyMatch(
              a ->
                  a.credits().stream().anyMatch(c -> c.grant().balance().signum() > 0)
                      || a.prepaid().stream().anyMatch(p -> p.balance().amount() > 0));
    }
  }

  /** Usage of a tenant, and SKUs that had no price when it used them. */
  public record Used(List<Part> parts, List<Unpriced> unpriced) {}

  /** Whose usage decides each account's month, those of the accounts pooled with it included. */
  public Uni<Map<UUID, List<UUID>>> tenants(
      Mutiny.Session s, List<Account> of, BillingMonth month) {
    return pooled(s, of, month)
        .map(
            all ->
                all.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().tenants())));
  }

  /** Counts up with whatever is agreed with each account. */
  public Uni<Map<UUID, Long>> versions(Mutiny.Session s, List<Account> of) {
    return agreements.versions(s, of.stream().map(Account::id).toList());
  }

  private record Pooled(List<Account> accounts, List<TierPool> pools) {
    List<UUID> tenants() {
      return accounts.stream().flatMap(a -> a.tenantIds().stream()).toList();
    }
  }

  /** Each account with those pooled with it; one asked for stands for itself as it was given. */
  private Uni<Map<UUID, Pooled>> pooled(Mutiny.Session s, List<Account> of, BillingMonth month) {
    Set<UUID> given = of.stream().map(Account::id).collect(Collectors.toSet());
    return agreements
        .pools(s, month)
        .chain(
            pools -> {
              Set<UUID> others = new TreeSet<>();
              pools.stream()
                  .filter(p -> p.accounts().stream().anyMatch(given::contains))
                  .forEach(p -> others.addAll(p.accounts()));
              others.removeAll(given);
              Uni<List<Account>> together =
                  others.isEmpty()
                      ? Uni.createFrom().item(of)
                      : accounts
                          .byIds(s, others)
                          .map(more -> Stream.concat(of.stream(), more.stream()).toList());
              return together
                  .chain(all -> accounts.asCharged(s, all, month))
                  .map(all -> pooled(given, all, pools));
            });
  }

  private static Map<UUID, Pooled> pooled(
      Set<UUID> given, List<Account> all, List<StoredPool> pools) {
    Map<UUID, Account> byId = all.stream().collect(Collectors.toMap(Account::id, a -> a));
    Map<UUID, Pooled> pooled = new HashMap<>();
    for (UUID id : given) {
      List<StoredPool> own = pools.stream().filter(p -> p.accounts().contains(id)).toList();
      Set<UUID> members = new TreeSet<>(Set.of(id));
      own.forEach(p -> members.addAll(p.accounts()));
      pooled.put(
          id,
          new Pooled(
              members.stream().map(byId::get).filter(Objects::nonNull).toList(),
              own.stream().map(StoredPool::toPool).toList()));
    }
    return pooled;
  }

  public Uni<Inputs> load(Mutiny.Session s, Account account, BillingMonth month) {
    return load(s, List.of(account), month).map(all -> of(all, account));
  }

  /** The months of some accounts, with a few statements whatever their number. */
  public Uni<Map<UUID, Inputs>> load(Mutiny.Session s, List<Account> of, BillingMonth month) {
    return load(s, of, month, usage::provenRuns);
  }

  /** Of a month that goes on, some runs alone. */
  public Uni<Map<UUID, Inputs>> loadRuns(
      Mutiny.Session s, List<Account> of, BillingMonth month, Collection<UUID> runs) {
    return load(s, of, month, (same, tenants, from, to) -> usage.runs(same, runs));
  }

  /**
   * The same with days that are booked in place of their runs, where nothing is charged row by row:
   * what is stated then has no rows of them.
   */
  public Uni<Map<UUID, Inputs>> loadBooked(Mutiny.Session s, List<Account> of, BillingMonth month) {
    return pooled(s, of, month)
        .chain(
            pooled ->
                parts(s, pooled)
                    .chain(
                        parts ->
                            booked(s, of, month, pooled, parts)
                                .chain(books -> inputs(s, of, month, pooled, parts, books))));
  }

  /** Of each account that may rest on books, those of its tenants that still hold. */
  private Uni<Map<UUID, Booked>> booked(
      Mutiny.Session s,
      List<Account> of,
      BillingMonth month,
      Map<UUID, Pooled> pooled,
      Parts parts) {
    List<Account> plain =
        of.stream()
            .map(account -> Objects.requireNonNull(pooled.get(account.id())))
            .filter(with -> with.pools().isEmpty() && with.accounts().size() == 1)
            .map(with -> with.accounts().getFirst())
            .filter(account -> DayBook.isEnoughFor(terms(account, month, parts)))
            .toList();
    return books
        .of(s, plain, month)
        .map(
            all ->
                all.entrySet().stream()
                    .filter(
                        each ->
                            each.getValue()
                                .holdsBy(
                                    new PriceBasis(
                                        parts.card(),
                                        terms(
                                            Objects.requireNonNull(pooled.get(each.getKey()))
                                                .accounts()
                                                .getFirst(),
                                            month,
                                            parts),
                                        month)))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  private Uni<Map<UUID, Inputs>> inputs(
      Mutiny.Session s,
      List<Account> of,
      BillingMonth month,
      Map<UUID, Pooled> pooled,
      Parts parts,
      Map<UUID, Booked> books) {
    Set<UUID> whole = new TreeSet<>();
    Set<UUID> outside = new TreeSet<>();
    List<BookedDay> days = new ArrayList<>();
    pooled.forEach(
        (id, with) -> {
          Booked booked = books.get(id);
          (booked == null ? whole : outside).addAll(with.tenants());
          if (booked != null) {
            days.addAll(booked.days());
          }
        });
    if (!Collections.disjoint(whole, outside)) {
      throw new IllegalStateException("a tenant's usage is read for two accounts");
    }
    return usage
        .provenRunsOutside(s, outside, month, days)
        .chain(
            rest ->
                (whole.isEmpty()
                        ? Uni.createFrom().item(List.<RunUsage>of())
                        : usage.provenRuns(s, whole, month.start(), month.end()))
                    .map(runs -> Stream.concat(rest.stream(), runs.stream()).toList()))
        .map(runs -> inputs(of, month, pooled, parts, runs, books));
  }

  /** For a month that goes on: open runs count as long as nobody says that they ended. */
  public Uni<Inputs> loadSoFar(Mutiny.Session s, Account account, BillingMonth month) {
    return load(s, List.of(account), month, usage::runs).map(all -> of(all, account));
  }

  private static Inputs of(Map<UUID, Inputs> all, Account account) {
    return Objects.requireNonNull(all.get(account.id()));
  }

  /** Which runs count. */
  @FunctionalInterface
  private interface Runs {
    Uni<List<RunUsage>> read(Mutiny.Session s, Collection<UUID> of, Instant from, Instant to);
  }

  private Uni<Map<UUID, Inputs>> load(
      Mutiny.Session s, List<Account> of, BillingMonth month, Runs counted) {
    return pooled(s, of, month)
        .chain(
            pooled ->
                parts(s, pooled)
                    .chain(
                        parts ->
                            counted
                                .read(s, tenants(pooled), month.start(), month.end())
                                .map(runs -> inputs(of, month, pooled, parts, runs, Map.of()))));
  }

  private static Set<UUID> tenants(Map<UUID, Pooled> pooled) {
    Set<UUID> tenants = new TreeSet<>();
    pooled.values().forEach(p -> tenants.addAll(p.tenants()));
    return tenants;
  }

  private record Parts(
      RateCard card,
      Map<TenantId, Timeline<Terms>> terms,
      List<GrantWithBurns> grants,
      List<GrantShare> shares,
      Agreements agreements,
      List<Prepaid> prepaid) {}

  private Uni<Parts> parts(Mutiny.Session s, Map<UUID, Pooled> pooled) {
    Set<UUID> tenants = tenants(pooled);
    Set<UUID> ids = new TreeSet<>();
    pooled.values().forEach(p -> p.accounts().forEach(a -> ids.add(a.id())));
    var read = new Read();
    return prices
        .all(s)
        .invoke(all -> read.prices = all)
        .chain(() -> prices.rateCard(s))
        .invoke(card -> read.card = card)
        .chain(() -> accounts.terms(s, tenants))
        .invoke(terms -> read.terms = terms)
        .chain(() -> accounts.grants(s, tenants))
        .invoke(grants -> read.grants = grants)
        .chain(() -> shares.of(s, tenants))
        .invoke(all -> read.shares = all)
        .chain(() -> agreements.inForce(s, ids))
        .invoke(all -> read.agreements = new Agreements(all, read.prices))
        .chain(() -> agreements.prepaid(s, ids))
        .map(read::parts);
  }

  /** What is read one after the other. */
  private static final class Read {
    private List<PriceRepository.StoredPrice> prices = List.of();
    private RateCard card = RateCard.of(List.of(), List.of());
    private Map<TenantId, Timeline<Terms>> terms = Map.of();
    private List<GrantWithBurns> grants = List.of();
    private List<GrantShare> shares = List.of();
    private Agreements agreements = new Agreements(List.of(), List.of());

    Parts parts(List<Prepaid> prepaid) {
      return new Parts(card, terms, grants, shares, agreements, prepaid);
    }
  }

  private static Map<UUID, Inputs> inputs(
      List<Account> of,
      BillingMonth month,
      Map<UUID, Pooled> pooled,
      Parts parts,
      List<RunUsage> runs,
      Map<UUID, Booked> books) {
    Map<UUID, List<RunUsage>> byTenant =
        runs.stream()
            .collect(
                Collectors.groupingBy(r -> r.intervals().getFirst().scope().tenantId().value()));
    var inputs = new HashMap<UUID, Inputs>();
    for (Account account : of) {
      Pooled with = Objects.requireNonNull(pooled.get(account.id()));
      inputs.put(
          account.id(),
          new Inputs(
              account,
              month,
              parts.card(),
              with.accounts().stream().map(a -> terms(a, month, parts)).toList(),
              with.pools(),
              with.tenants().stream()
                  .flatMap(t -> byTenant.getOrDefault(t, List.of()).stream())
                  .toList(),
              books.getOrDefault(account.id(), Booked.NOTHING)));
    }
    return inputs;
  }

  private static AccountTerms terms(Account a, BillingMonth month, Parts parts) {
    Set<UUID> ids = Set.copyOf(a.tenantIds());
    var tenants = new HashMap<TenantId, Timeline<Terms>>();
    a.tenants()
        .forEach(t -> tenants.put(t.id(), parts.terms().getOrDefault(t.id(), Timeline.empty())));
    List<Agreement> theirs = parts.agreements().of(a.id());
    return new AccountTerms(
        a.id().toString(),
        a.mode(),
        Agreements.taxation(theirs),
        tenants,
        parts.agreements().contracts(theirs),
        Agreements.usageCommitments(theirs),
        parts.shares().stream().filter(g -> ids.contains(g.tenant().value())).toList(),
        Agreements.spendCommitments(theirs),
        Agreements.monthlyFees(theirs),
        parts.grants().stream()
            .filter(g -> ids.contains(g.tenant().value()))
            .map(g -> new AccountCredit(g.tenant(), g.leftFor(month)))
            .toList(),
        parts.prepaid().stream()
            .filter(p -> p.account().equals(a.id()))
            .map(p -> p.leftFor(month))
            .toList());
  }
}
