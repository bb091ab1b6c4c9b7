package dev.gpucloud.billing.close;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.InventoryClient.Position;
import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.close.engine.Findings;
import dev.gpucloud.billing.rating.engine.Rating;
import dev.gpucloud.billing.statement.StatementService;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.TenantRef;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What must be true before a month is rated into a draft. Everything that could still change the
 * invoice is a finding; inventory's own word is asked last, outside any transaction.
 */
@ApplicationScoped
public class Readiness {
  private static final Logger LOG = Logger.getLogger(Readiness.class);

  private final Transactions transactions;
  private final ReadinessRepository repository;
  private final StatementService statements;
  private final InventoryClient inventory;
  private final WaiverRepository waivers;
  private final InstantSource clock;

  Readiness(
      Transactions transactions,
      ReadinessRepository repository,
      StatementService statements,
      @RestClient InventoryClient inventory,
      WaiverRepository waivers,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.repository = repository;
    this.statements = statements;
    this.inventory = inventory;
    this.waivers = waivers;
    this.clock = clock;
  }

  /** Everything that stands against a draft and that nobody waived. */
  public Uni<List<Finding>> check(Account account, BillingMonth month) {
    return transactions
        .asPlatform(s -> repository.closed(s, month))
        .chain(
            closed ->
                closed.isEmpty() ? findings(account, month, true) : Uni.createFrom().item(closed))
        .chain(
            found ->
                transactions
                    .asPlatform(s -> waivers.confirmed(s, account.id(), month))
                    .map(waived -> without(found, waived)));
  }

  private static List<Finding> without(List<Finding> found, Set<Finding.Key> waived) {
    return found.stream().filter(f -> !waived.contains(f.key())).toList();
  }

  /**
   * Every finding, waived or not.
   *
   * @param priced whether the month is rated to find what has no price, which costs time
   */
  Uni<List<Finding>> findings(Account account, BillingMonth month, boolean priced) {
    List<Finding> early = notEnded(month);
    return early.isEmpty()
        ? told(account.tenantIds(), month)
            .chain(told -> transactions.asPlatform(s -> read(s, account, month, told, priced)))
            .emitOn(Infrastructure.getDefaultWorkerPool())
            .map(Read::findings)
        : Uni.createFrom().item(early);
  }

  /** What was read of one account, and its month when it is to be rated. */
  private record Read(Said said, StatementService.@Nullable Inputs inputs) {
    List<Finding> findings() {
      return said.with(inputs == null ? List.of() : inputs.state().unpriced());
    }
  }

  private Uni<Read> read(
      Mutiny.Session s, Account account, BillingMonth month, Told told, boolean priced) {
    if (!priced) {
      return said(s, List.of(account), month, told, Map.of())
          .map(said -> new Read(said.of(account.id()), null));
    }
    return statements
        .load(s, List.of(account), month)
        .chain(
            inputs ->
                said(s, List.of(account), month, told, inputs)
                    .map(said -> new Read(said.of(account.id()), inputs.get(account.id()))));
  }

  /** What keeps the month from any draft: that it goes on. */
  public List<Finding> notEnded(BillingMonth month) {
    return clock.instant().isBefore(month.end())
        ? List.of(
            new Finding(
                Check.MONTH_NOT_ENDED,
                month.toString(),
                month + " ends at " + month.end() + ".",
                Map.of("endsAt", month.end().toString())))
        : List.of();
  }

  /** What keeps the month from any draft: that it was closed. */
  public Uni<List<Finding>> closed(Mutiny.Session s, BillingMonth month) {
    return repository.closed(s, month);
  }

  // ---- of some accounts

  /**
   * What stands against an account's draft but for what has no price.
   *
   * @param before found before the month is rated
   * @param missing events that inventory knows
   * @param waived what two persons let pass
   */
  public record Said(List<Finding> before, List<Finding> missing, Set<Finding.Key> waived) {
    static final Said NOTHING = new Said(List.of(), List.of(), Set.of());

    /** Everything, with what is without a price. */
    List<Finding> with(List<Rating.Unpriced> unpriced) {
      var all = new ArrayList<>(before);
      unpriced.stream().distinct().map(Readiness::noPrice).forEach(all::add);
      all.addAll(missing);
      return Findings.bounded(all);
    }

    /** Everything that nobody waived. */
    public List<Finding> standing(List<Rating.Unpriced> unpriced) {
      return without(with(unpriced), waived);
    }
  }

  /** What is said of each of some accounts. */
  public record SaidOfAll(Map<UUID, Said> byAccount) {
    public Said of(UUID account) {
      return byAccount.getOrDefault(account, Said.NOTHING);
    }
  }

  /**
   * Reads what stands against the drafts of some accounts, with a few statements whatever their
   * number.
   *
   * @param inputs their months, where it matters whether credits are left
   */
  public Uni<SaidOfAll> said(
      Mutiny.Session s,
      List<Account> accounts,
      BillingMonth month,
      Told told,
      Map<UUID, StatementService.Inputs> inputs) {
    List<UUID> tenants = accounts.stream().flatMap(a -> a.tenantIds().stream()).distinct().toList();
    List<Account> withBalance =
        accounts.stream()
            .filter(a -> inputs.containsKey(a.id()) && inputs.get(a.id()).hasBalance())
            .toList();
    var found = new Found();
    return repository
        .runsWithoutProof(s, tenants, month)
        .invoke(all -> found.unproven = all)
        .chain(() -> repository.parked(s, tenants))
        .invoke(all -> found.parked = all)
        .chain(() -> repository.earlierOpenMonths(s, withBalance, month))
        .invoke(all -> found.open = all)
        .chain(() -> repository.lacking(s, told.positions()))
        .invoke(lacking -> found.missing = told.missing(lacking))
        .chain(() -> waivers.confirmed(s, accounts.stream().map(Account::id).toList(), month))
        .map(
            waived ->
                new SaidOfAll(
                    accounts.stream()
                        .collect(
                            Collectors.toMap(
                                Account::id,
                                a -> found.of(a, waived.getOrDefault(a.id(), Set.of()))))));
  }

  /** What is read one after the other. */
  private static final class Found {
    private Map<UUID, List<Finding>> unproven = Map.of();
    private Map<UUID, List<Finding>> parked = Map.of();
    private Map<UUID, BillingMonth> open = Map.of();
    private Map<UUID, List<Finding>> missing = Map.of();

    Said of(Account account, Set<Finding.Key> waived) {
      var before = new ArrayList<Finding>();
      account.tenantIds().forEach(t -> before.addAll(unproven.getOrDefault(t, List.of())));
      account.tenantIds().forEach(t -> before.addAll(parked.getOrDefault(t, List.of())));
      if (open.containsKey(account.id())) {
        before.add(earlierMonthOpen(open.get(account.id())));
      }
      return new Said(
          before,
          account.tenantIds().stream()
              .flatMap(t -> missing.getOrDefault(t, List.of()).stream())
              .toList(),
          waived);
    }
  }

  private static Finding earlierMonthOpen(BillingMonth month) {
    return new Finding(
        Check.EARLIER_MONTH_OPEN,
        month.toString(),
        "The account has credits left, and " + month + " has usage but no invoice.",
        Map.of("month", month.toString()));
  }

  /** Something was used at a time at which it has no price. */
  public static Finding noPrice(Rating.Unpriced u) {
    return new Finding(
        Check.NO_PRICE,
        u.sku(),
        u.sku() + " has no price at " + u.from() + ".",
        Map.of("sku", u.sku(), "from", u.from().toString()));
  }

  /** How far inventory's events of some tenants went. */
  public record Told(List<Position> positions) {
    private Map<UUID, List<Finding>> missing(List<ReadinessRepository.Lack> lacking) {
      Map<InstanceId, TenantId> owners = new HashMap<>();
      positions.forEach(p -> owners.put(p.instanceId(), p.tenantId()));
      return lacking.stream()
          .collect(
              Collectors.groupingBy(
                  l -> Objects.requireNonNull(owners.get(l.instance())).value(),
                  Collectors.mapping(Readiness::missing, Collectors.toList())));
    }
  }

  /**
   * Inventory names the last event of each instance that something may have happened to in the
   * month; billing must know all of them. A tenant of which billing has as many events of the month
   * as inventory told of is named none: what billing knew before it asked is among what inventory
   * told. Ask it outside any transaction, before what billing knows is read.
   */
  public Uni<Told> told(Collection<UUID> tenants, BillingMonth month) {
    List<UUID> all = tenants.stream().distinct().toList();
    var positions = new ArrayList<Position>();
    return transactions
        .asPlatform(s -> repository.knownEvents(s, all, month))
        .chain(
            known -> {
              Uni<Void> done = Uni.createFrom().voidItem();
              for (int i = 0; i < all.size(); i += InventoryClient.MOST_TENANTS) {
                List<UUID> some =
                    all.subList(i, Math.min(all.size(), i + InventoryClient.MOST_TENANTS));
                done = done.chain(() -> positions(some, known, month, null, positions));
              }
              return done;
            })
        .replaceWith(() -> new Told(positions));
  }

  private Uni<Void> positions(
      List<UUID> tenants,
      Map<UUID, Long> known,
      BillingMonth month,
      @Nullable String pageToken,
      List<Position> sofar) {
    return inventory
        .positions(
            tenants.stream().map(t -> new TenantId(t).toString()).toList(),
            month.start().toString(),
            month.end().toString(),
            tenants.stream().map(t -> known.getOrDefault(t, 0L)).toList(),
            pageToken)
        .onFailure()
        .transform(
            failure -> {
              LOG.warnf("inventory-service does not answer: %s", failure.toString());
              return ProblemType.UPSTREAM_UNAVAILABLE.because(
                  "inventory-service cannot be asked how far its events went.");
            })
        .chain(
            page -> {
              sofar.addAll(page.items());
              return page.nextPageToken() == null || page.nextPageToken().isEmpty()
                  ? Uni.createFrom().voidItem()
                  : positions(tenants, known, month, page.nextPageToken(), sofar);
            });
  }

  /** The tenant of the findings has no account. */
  public static Finding noAccount(TenantRef tenant) {
    return new Finding(
        Check.NO_ACCOUNT,
        tenant.slug(),
        "Tenant " + tenant.slug() + " has no business number, so nobody to charge.",
        Map.of("tenant", tenant.slug()));
  }

  private static Finding missing(ReadinessRepository.Lack lack) {
    String instance = lack.instance().toString();
    return new Finding(
        Check.MISSING_EVENTS,
        instance + "@" + lack.told(),
        "Inventory told %d events of %s before the month's end, billing knows %d."
            .formatted(lack.told(), instance, lack.known()),
        Map.of(
            "instanceId",
            instance,
            "lastSequence",
            Long.toString(lack.told()),
            "knownSequence",
            Long.toString(lack.known())));
  }
}
