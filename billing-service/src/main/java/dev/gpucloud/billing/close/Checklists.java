package dev.gpucloud.billing.close;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.close.engine.Checklist;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * The checklist of an account's month, and the gate that no invoice passes while an item blocks.
 * Inventory is asked outside any transaction, so ask this before one is opened.
 */
@ApplicationScoped
public class Checklists {
  private final Transactions transactions;
  private final Readiness readiness;
  private final AccountRepository accounts;
  private final WaiverRepository waivers;
  private final List<FindingSource> sources;

  Checklists(
      Transactions transactions,
      Readiness readiness,
      AccountRepository accounts,
      WaiverRepository waivers,
      @All List<FindingSource> sources) {
    this.transactions = transactions;
    this.readiness = readiness;
    this.accounts = accounts;
    this.waivers = waivers;
    this.sources = sources;
  }

  /**
   * The whole list.
   *
   * @param priced whether to look for usage without a price too, which costs time
   */
  public Uni<Checklist> of(Account account, BillingMonth month, boolean priced) {
    return transactions
        .asPlatform(s -> accounts.asCharged(s, account, month))
        .chain(
            charged ->
                readiness
                    .findings(charged, month, priced)
                    .chain(
                        found ->
                            transactions.asPlatform(
                                s -> judged(s, List.of(charged), month, a -> found))))
        .map(all -> Objects.requireNonNull(all.get(account.id())));
  }

  /** Every source is asked once for all accounts; {@code before} is what was found already. */
  private Uni<Map<UUID, Checklist>> judged(
      Mutiny.Session s,
      List<Account> of,
      BillingMonth month,
      Function<Account, List<Finding>> before) {
    Map<UUID, List<Finding>> found = new HashMap<>();
    of.forEach(account -> found.put(account.id(), new ArrayList<>(before.apply(account))));
    Uni<Void> all = Uni.createFrom().voidItem();
    for (FindingSource source : sources) {
      all =
          all.chain(() -> source.find(s, of, month))
              .invoke(more -> add(found, more))
              .replaceWithVoid();
    }
    return all.chain(() -> waivers.confirmed(s, found.keySet(), month))
        .map(waived -> checklists(found, waived));
  }

  private static void add(Map<UUID, List<Finding>> found, Map<UUID, List<Finding>> more) {
    more.forEach(
        (account, findings) -> Objects.requireNonNull(found.get(account)).addAll(findings));
  }

  private static Map<UUID, Checklist> checklists(
      Map<UUID, List<Finding>> found, Map<UUID, Set<Finding.Key>> waived) {
    return found.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                e -> Checklist.of(e.getValue(), waived.getOrDefault(e.getKey(), Set.of()))));
  }

  /** Refuses with every blocking item; completes when the month is clear. */
  public Uni<Void> require(UUID account, BillingMonth month) {
    return transactions
        .asPlatform(s -> accounts.byIds(s, Set.of(account)))
        .chain(found -> of(found.getFirst(), month, false))
        .invoke(
            list -> {
              if (!list.isClear()) {
                throw refusal(account, month, list.blocking());
              }
            })
        .replaceWithVoid();
  }

  /**
   * What blocks each of some accounts, for those that it is something: inventory is asked once, and
   * what billing knows is read in one transaction.
   */
  public Uni<Map<UUID, List<Finding>>> blocking(Collection<UUID> of, BillingMonth month) {
    return transactions
        .asPlatform(s -> accounts.byIds(s, of).chain(found -> accounts.asCharged(s, found, month)))
        .chain(
            charged ->
                readiness
                    .told(charged.stream().flatMap(a -> a.tenantIds().stream()).toList(), month)
                    .chain(
                        told -> transactions.asPlatform(s -> blocking(s, charged, month, told))));
  }

  private Uni<Map<UUID, List<Finding>>> blocking(
      Mutiny.Session s, List<Account> charged, BillingMonth month, Readiness.Told told) {
    return readiness
        .said(s, charged, month, told, Map.of())
        .chain(said -> judged(s, charged, month, a -> said.of(a.id()).with(List.of())))
        .map(
            lists ->
                lists.entrySet().stream()
                    .filter(e -> !e.getValue().isClear())
                    .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().blocking())));
  }

  /** The refusal that names every blocking item. */
  public static ProblemException refusal(UUID account, BillingMonth month, List<Finding> open) {
    return ProblemType.CHECKLIST_OPEN
        .because(
            open.size() == 1
                ? open.getFirst().detail()
                : open.size() + " items block: " + open.getFirst().detail())
        .with("items", open.stream().map(Checklists::item).toList())
        .with("checklist", "/api/v1/finance/billing-months/" + month + "/accounts/" + account);
  }

  private static Map<String, Object> item(Finding f) {
    return Map.of(
        "code", f.code(),
        "subject", f.subject(),
        "detail", f.detail(),
        "params", f.params(),
        "waivable", f.code().isWaivable());
  }
}
