package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.close.Readiness;
import dev.gpucloud.billing.correction.LateUsage;
import dev.gpucloud.billing.invoice.MonthRating.AccountMonth;
import dev.gpucloud.billing.invoice.MonthRating.Rated;
import dev.gpucloud.billing.invoice.MonthRating.UsageChanged;
import dev.gpucloud.billing.invoice.engine.InvoiceState;
import dev.gpucloud.billing.price.PriceRepository;
import dev.gpucloud.billing.statement.engine.Payment;
import dev.gpucloud.billing.statement.engine.StatementEngine;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.References;
import dev.gpucloud.kit.clock.Business;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Writes rated months as drafts, of one account as of many; only if no event came since they were
 * rated.
 */
@ApplicationScoped
class DraftService {
  private final References references;
  private final AccountRepository accounts;
  private final InvoiceRepository invoices;
  private final InvoiceHeads heads;
  private final PriceRepository prices;
  private final StatementRepository below;
  private final MonthRating rating;
  private final LateUsage late;
  private final InstantSource clock;

  DraftService(
      References references,
      AccountRepository accounts,
      InvoiceRepository invoices,
      InvoiceHeads heads,
      PriceRepository prices,
      StatementRepository below,
      MonthRating rating,
      LateUsage late,
      @Business InstantSource clock) {
    this.references = references;
    this.accounts = accounts;
    this.invoices = invoices;
    this.heads = heads;
    this.prices = prices;
    this.below = below;
    this.rating = rating;
    this.late = late;
    this.clock = clock;
  }

  /** The account that pays for a tenant's month; refuses unknown tenants and those without one. */
  Uni<AccountMonth> find(Mutiny.Session s, CreateInvoiceRequest request) {
    BillingMonth month = BillingMonth.parse(Objects.requireNonNull(request.month()));
    String tenant = Objects.requireNonNull(request.tenant());
    return references
        .findTenant(s, tenant)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        ProblemType.UNKNOWN_REFERENCE
                            .because("There is no tenant " + tenant + ".")
                            .at("/tenant", "names no tenant")))
        .chain(
            ref ->
                accounts
                    .findByTenant(s, ref.id())
                    .map(
                        account ->
                            new AccountMonth(
                                account.orElseThrow(
                                    () -> MonthRating.notReady(List.of(Readiness.noAccount(ref)))),
                                month)));
  }

  /**
   * New drafts, and why others were not written: they exist, or what they were rated from changed.
   */
  record Written(List<InvoiceEntity> drafts, Map<UUID, RuntimeException> refused) {
    InvoiceEntity only() {
      refused
          .values()
          .forEach(
              why -> {
                throw why;
              });
      return drafts.getFirst();
    }
  }

  /** Writes new drafts of one month with a few statements whatever their number. */
  Uni<Written> insert(Mutiny.Session s, List<Rated> all, InvoiceRepository.By by) {
    List<UUID> ids = all.stream().map(r -> r.of().account().id()).toList();
    String month = all.getFirst().of().month().toString();
    Map<UUID, RuntimeException> refused = new HashMap<>();
    return invoices
        .lockAccounts(s, ids)
        .chain(() -> rating.changed(s, all))
        .invoke(changed -> changed.forEach(id -> refused.put(id, new UsageChanged())))
        .chain(() -> invoices.findOf(s, ids, month))
        .invoke(found -> found.forEach((id, e) -> refused.put(id, MonthRating.exists(e))))
        .chain(
            () ->
                write(
                    s,
                    all.stream().filter(r -> !refused.containsKey(r.of().account().id())).toList(),
                    by))
        .map(drafts -> new Written(drafts, refused));
  }

  private Uni<List<InvoiceEntity>> write(
      Mutiny.Session s, List<Rated> all, InvoiceRepository.By by) {
    if (all.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return prices
        .operator(s)
        .map(operator -> all.stream().map(r -> head(r, operator.orElse(null), by)).toList())
        .chain(
            drafts ->
                heads
                    .insert(s, drafts)
                    .chain(() -> below.insert(s, below(drafts, all)))
                    .chain(() -> keepLate(s, drafts, all))
                    .chain(
                        () -> invoices.addHistory(s, drafts, "CREATE", by, clock.instant(), null))
                    .replaceWith(drafts));
  }

  private static List<StatementRepository.Below> below(List<InvoiceEntity> heads, List<Rated> all) {
    return IntStream.range(0, heads.size()).mapToObj(i -> below(heads.get(i), all.get(i))).toList();
  }

  private static StatementRepository.Below below(InvoiceEntity head, Rated rated) {
    return new StatementRepository.Below(
        head,
        rated.statement(),
        rated.late().projects(),
        rated.rows(),
        rated.days(),
        rated.estimated());
  }

  private Uni<Void> keepLate(Mutiny.Session s, List<InvoiceEntity> heads, List<Rated> all) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (int i = 0; i < heads.size(); i++) {
      UUID head = heads.get(i).id;
      LateUsage.Settling settling = all.get(i).late();
      if (!settling.all().isEmpty()) {
        done = done.chain(() -> late.keep(s, head, settling));
      }
    }
    return done;
  }

  /** Replaces what stands below a draft by what its month comes to now. */
  Uni<Void> replace(Mutiny.Session s, InvoiceEntity e, Rated rated, InvoiceRepository.By by) {
    return invoices
        .lockAccounts(s, List.of(e.accountId))
        .chain(() -> rating.changed(s, List.of(rated)))
        .invoke(
            changed -> {
              if (!changed.isEmpty()) {
                throw new UsageChanged();
              }
            })
        .chain(() -> late.drop(s, e.id))
        .chain(() -> below.delete(s, e.id))
        .chain(
            () -> {
              fill(e, rated);
              e.moveTo(new InvoiceState.Draft(withPreparer(e, by)));
              return s.flush();
            })
        .chain(() -> below.insert(s, List.of(below(e, rated))))
        .chain(() -> late.keep(s, e.id, rated.late()))
        .chain(() -> invoices.addHistory(s, List.of(e), "RERATE", by, clock.instant(), null));
  }

  private static Set<String> withPreparer(InvoiceEntity e, InvoiceRepository.By by) {
    var all = new TreeSet<>(List.of(e.preparers));
    all.add(by.subject());
    return all;
  }

  private InvoiceEntity head(
      Rated rated, PriceRepository.@Nullable Operator operator, InvoiceRepository.By by) {
    AccountMonth of = rated.of();
    var e = new InvoiceEntity();
    e.id = Ids.next();
    e.tenantId = of.account().owner().value();
    e.accountId = of.account().id();
    e.month = of.month().toString();
    e.state = "DRAFT";
    e.currency = "KRW";
    e.writeDate = of.month().month().atEndOfMonth();
    e.preparers = new String[] {by.subject()};
    e.preparedBy = by.subject();
    e.preparedAt = clock.instant();
    e.supplierName = operator == null ? null : operator.name();
    e.supplierNumber = operator == null ? null : operator.businessNumber();
    fill(e, rated);
    return e;
  }

  private static void fill(InvoiceEntity e, Rated rated) {
    Account account = rated.of().account();
    name(e, account);
    e.mode = account.mode();
    e.roundingPolicy = StatementEngine.ROUNDING_POLICY;
    e.supplyKrw = rated.statement().supplyValue().amount();
    e.vatKrw = rated.statement().vat().amount();
    e.totalKrw = rated.statement().total().amount();
    e.usageKrw = rated.statement().usage().amount();
    e.includesVat = rated.statement().account().taxation().includesVat();
    e.prepaidKrw =
        rated.statement().payments().stream()
            .map(Payment::paid)
            .reduce(Won.ZERO, Won::plus)
            .amount();
    e.meteredEvents = rated.meteredEvents();
  }

  private static Account.AccountTenant ownerWhoLeft(Account a) {
    return new Account.AccountTenant(a.owner(), a.owner().toString(), a.name());
  }

  /** Takes the names over as they are now. */
  static void name(InvoiceEntity e, Account account) {
    Account.AccountTenant owner =
        account.tenants().stream()
            .filter(t -> t.id().equals(account.owner()))
            .findFirst()
            .or(() -> account.tenants().stream().findFirst())
            .orElseGet(() -> ownerWhoLeft(account));
    e.tenantSlug = owner.slug();
    e.tenantName = owner.name();
    e.accountName = account.name();
    e.businessNumber = account.businessNumber();
  }
}
