package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.correction.LateUsageRepository.Settlement;
import dev.gpucloud.billing.correction.LateUsageRepository.Stored;
import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.correction.engine.Corrections;
import dev.gpucloud.billing.correction.engine.LatePolicy;
import dev.gpucloud.billing.correction.engine.MonthCharge;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.rating.engine.Rating.Unpriced;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.statement.StatementService;
import dev.gpucloud.billing.statement.engine.CreditUse;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * What arrived for closed months after their invoices were issued, compared with what was charged:
 * the issued lines, and whatever settled late usage since. Each change is settled once, by the next
 * invoice or by a note; what another one is about to settle is left to it.
 */
@ApplicationScoped
public class LateUsage {
  private final LateUsageRepository repository;
  private final StatementService statements;

  LateUsage(LateUsageRepository repository, StatementService statements) {
    this.repository = repository;
    this.statements = statements;
  }

  /**
   * What a correction took of a promotional credit, negative when it gives back; {@code lapsedOn}
   * is the issued invoice that recorded what lapsed of the credit, which is as much less.
   */
  record CreditChange(
      UUID tenant, UUID grant, BillingMonth month, Rational amount, @Nullable UUID lapsedOn) {}

  /** A closed month with what decides it. */
  record Month(
      ClosedInvoice closed,
      List<Row> lines,
      List<ChargedRow> rows,
      List<Stored> stored,
      List<Row> burned,
      Map<UUID, UUID> lapses,
      StatementService.Inputs inputs) {

    /** Who is about to settle it: an invoice or a note that is not issued yet. */
    Optional<Stored> pending(@Nullable UUID except) {
      return stored.stream()
          .filter(u -> !u.isSettled())
          .filter(u -> except == null || !except.equals(u.invoice()))
          .findFirst();
    }

    private List<Stored> settled() {
      return stored.stream().filter(Stored::isSettled).toList();
    }

    int nextOrdinal() {
      return settled().size() + 1;
    }
  }

  /** A month that something is to be settled of, with the rows that change, by line. */
  record Found(
      Month month,
      Correction correction,
      Statement now,
      List<CreditChange> credits,
      Map<Key, RowChanges> rows) {

    /** The rows behind the lines of the open month's invoice. */
    Map<Key, RowChanges> behindLines() {
      var behind = new HashMap<Key, RowChanges>();
      correction
          .lines()
          .forEach(
              (key, change) ->
                  behind.put(key, rows.getOrDefault(key, RowChanges.NONE).behind(change)));
      return behind;
    }

    /** The rows that no line shows. */
    Map<Key, RowChanges> beside() {
      Map<Key, RowChanges> shown = behindLines();
      var beside = new TreeMap<Key, RowChanges>();
      rows.forEach(
          (key, all) -> beside.put(key, all.without(shown.getOrDefault(key, RowChanges.NONE))));
      beside.values().removeIf(RowChanges::isEmpty);
      return beside;
    }

    /** Names of the projects that it is about. */
    Map<ProjectId, String> projects() {
      var names = new HashMap<ProjectId, String>();
      month.lines().stream()
          .filter(r -> r.textOrNull(0) != null)
          .forEach(r -> names.put(new ProjectId(r.uuid(0)), r.text(1)));
      now.parts()
          .forEach(p -> names.put(p.row().scope().projectId(), p.row().scope().projectSlug()));
      return names;
    }
  }

  /**
   * The closed months of an account that something came late for, not yet rated; {@code counted} is
   * what the open month's draft, rated before, took of credits for them; {@code open} is what that
   * month is charged as.
   */
  public record Pending(
      LatePolicy policy, BillingMode open, List<Month> months, List<Row> counted) {
    /** Settled by nobody else, rated. Costs time: call it on a worker thread. */
    public Settling settle() {
      List<Found> found =
          months.stream()
              .map(m -> LateUsage.found(m, policy, open))
              .flatMap(Optional::stream)
              .toList();
      return new Settling(
          found.stream()
              .filter(f -> f.correction().outcome() != Correction.Outcome.AMENDED)
              .toList(),
          counted);
    }
  }

  /** What an open month's invoice settles. */
  public record Settling(List<Found> all, List<Row> counted) {
    public static final Settling NOTHING = new Settling(List.of(), List.of());

    /** Its correction lines, exact. */
    public Map<Key, Rational> lines() {
      var lines = new TreeMap<Key, Rational>();
      all.forEach(f -> lines.putAll(f.correction().lines()));
      return lines;
    }

    /** The rows behind each of them. */
    public Map<Key, RowChanges> rows() {
      var rows = new HashMap<Key, RowChanges>();
      all.forEach(f -> rows.putAll(f.behindLines()));
      return rows;
    }

    /** What it takes of the balances of promotional credits, negative where it gives back. */
    public Map<UUID, Rational> credits() {
      var taken = new HashMap<UUID, Rational>();
      counted.forEach(r -> taken.merge(r.uuid(0), r.rational(1).negate(), Rational::add));
      all.forEach(f -> f.credits().forEach(c -> taken.merge(c.grant(), c.amount(), Rational::add)));
      return taken;
    }

    /** Names of the projects on them. */
    public Map<ProjectId, String> projects() {
      var names = new HashMap<ProjectId, String>();
      all.forEach(f -> names.putAll(f.projects()));
      return names;
    }

    /** What was used late and has no price. */
    public List<Unpriced> unpriced() {
      return all.stream().flatMap(f -> f.now().unpriced().stream()).distinct().toList();
    }
  }

  /** Everything that came late for months of each account before {@code open}. */
  public Uni<Map<UUID, Pending>> load(Mutiny.Session s, List<Account> accounts, BillingMonth open) {
    List<UUID> ids = accounts.stream().map(Account::id).toList();
    var read = new Read();
    return repository
        .invoices(s, ids, open)
        .invoke(found -> read.drafts = found)
        .chain(() -> repository.creditsSettledBy(s, read.drafts.values()))
        .invoke(found -> read.counted = found)
        .chain(() -> repository.policies(s, ids))
        .invoke(found -> read.policies = found)
        .chain(() -> repository.late(s, ids, open.toString()))
        .chain(late -> months(s, accounts, late))
        .map(
            months -> {
              var pending = new HashMap<UUID, Pending>();
              accounts.forEach(a -> pending.put(a.id(), read.pending(a, months.get(a.id()))));
              return pending;
            });
  }

  /** What is read one after the other. */
  private static final class Read {
    private Map<UUID, UUID> drafts = Map.of();
    private List<Row> counted = List.of();
    private Map<UUID, LatePolicy> policies = Map.of();

    Pending pending(Account account, @Nullable List<Month> months) {
      UUID draft = drafts.get(account.id());
      return new Pending(
          policies.getOrDefault(account.id(), LatePolicyVersion.USUAL.policy()),
          account.mode(),
          months == null
              ? List.of()
              : months.stream().filter(m -> m.pending(draft).isEmpty()).toList(),
          draft == null
              ? List.of()
              : counted.stream().filter(r -> r.uuid(2).equals(draft)).toList());
    }
  }

  Uni<List<Month>> months(Mutiny.Session s, Account account, BillingMonth open) {
    return repository
        .late(s, List.of(account.id()), open.toString())
        .chain(late -> months(s, List.of(account), late))
        .map(months -> months.getOrDefault(account.id(), List.of()));
  }

  private Uni<Map<UUID, List<Month>>> months(
      Mutiny.Session s, List<Account> accounts, Map<UUID, List<ClosedInvoice>> late) {
    var months = new HashMap<UUID, List<Month>>();
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Account account : accounts) {
      for (ClosedInvoice closed : late.getOrDefault(account.id(), List.of())) {
        done =
            done.chain(() -> month(s, account, closed))
                .invoke(m -> months.computeIfAbsent(account.id(), id -> new ArrayList<>()).add(m))
                .replaceWithVoid();
      }
    }
    return done.replaceWith(months);
  }

  Uni<Month> month(Mutiny.Session s, Account account, ClosedInvoice closed) {
    var lines = new ArrayList<Row>();
    var rows = new ArrayList<ChargedRow>();
    var stored = new ArrayList<Stored>();
    var burned = new ArrayList<Row>();
    var lapses = new HashMap<UUID, UUID>();
    return repository
        .ownLines(s, closed.id())
        .invoke(lines::addAll)
        .chain(() -> repository.rows(s, closed))
        .invoke(rows::addAll)
        .chain(() -> repository.of(s, closed.id()))
        .invoke(stored::addAll)
        .chain(() -> repository.burned(s, closed.id()))
        .invoke(burned::addAll)
        .chain(() -> repository.lapses(s, closed))
        .invoke(lapses::putAll)
        .chain(() -> statements.load(s, asClosed(account, closed), closed.month()))
        .map(
            inputs ->
                new Month(closed, lines, rows, stored, burned, lapses, creditsOf(inputs, closed)));
  }

  /** The account in the mode that the closed month was charged in. */
  private static Account asClosed(Account a, ClosedInvoice closed) {
    return new Account(a.id(), a.owner(), a.businessNumber(), a.name(), closed.mode(), a.tenants());
  }

  /** Credits that were given after a month was closed do not reach back into it. */
  private static StatementService.Inputs creditsOf(
      StatementService.Inputs in, ClosedInvoice closed) {
    return new StatementService.Inputs(
        in.account(),
        in.month(),
        in.card(),
        in.accounts().stream().map(a -> a.creditedBy(closed.issuedAt())).toList(),
        in.pools(),
        in.runs(),
        in.booked());
  }

  // ---- comparing

  /**
   * What is to be settled of a month: what it comes to, what it took of credits, or the time that
   * its rows say alone.
   *
   * @param open what the month is charged as that settles it
   */
  static Optional<Found> found(Month month, LatePolicy policy, BillingMode open) {
    Statement now = month.inputs().state();
    BillingMonth of = month.closed().month();
    MonthCharge charged = charged(month, now.taxType());
    Optional<Correction> changed = Corrections.between(charged, now, policy, open);
    Correction correction = changed.orElseGet(() -> Corrections.ofSameLines(of, charged));
    List<CreditChange> credits = credits(month, now, correction);
    Map<Key, RowChanges> rows = RowChanges.of(of, month.rows(), now);
    return changed.isEmpty() && credits.isEmpty() && !RowChanges.changeTime(rows.values())
        ? Optional.empty()
        : Optional.of(new Found(month, correction, now, credits, rows));
  }

  /**
   * What was charged so far: the issued lines of the month, and what was settled since. They have
   * the tax types that were agreed for the month, which nobody agrees anew once it has an invoice.
   */
  private static MonthCharge charged(Month month, TaxType usual) {
    var exact = new TreeMap<Key, Rational>();
    BillingMonth of = month.closed().month();
    var own = new TreeMap<TaxType, Won>();
    for (Row r : month.lines()) {
      var change =
          new LateChange(
              r.textOrNull(0) == null ? null : r.uuid(0),
              r.text(2),
              r.text(3),
              TaxType.valueOf(r.text(4)),
              r.text(5));
      exact.merge(change.key(of), r.rational(5), Rational::add);
      own.merge(change.taxType(), new Won(r.number(6)), Won::plus);
    }
    for (Stored settled : month.settled()) {
      settled
          .changes()
          .forEach(c -> exact.merge(c.key(of), Rational.parse(c.exact()), Rational::add));
    }
    exact.values().removeIf(Rational::isZero);
    return MonthCharge.of(
        month.settled().isEmpty() ? own : month.settled().getLast().supplies(usual), exact);
  }

  private static List<CreditChange> credits(Month month, Statement now, Correction correction) {
    if (correction.outcome() == Correction.Outcome.WRITTEN_OFF) {
      return List.of();
    }
    var changes = new ArrayList<CreditChange>();
    for (CreditUse use : now.credits()) {
      UUID grant = use.credit().grant().id();
      Rational change = use.burned().subtract(LateUsageRepository.sum(month.burned(), grant));
      if (!change.isZero()) {
        UUID tenant =
            use.credit().tenant() == null ? month.closed().tenant() : use.credit().tenant().value();
        UUID lapsedOn = month.lapses().get(grant);
        changes.add(new CreditChange(tenant, grant, month.closed().month(), change, lapsedOn));
      }
    }
    return List.copyOf(changes);
  }

  // ---- settling

  /** Writes what an invoice that is not issued yet settles. */
  public Uni<Void> keep(Mutiny.Session s, UUID invoice, Settling settling) {
    return each(settling.all(), f -> keep(s, f, invoice, null));
  }

  Uni<Void> keep(Mutiny.Session s, Found f, @Nullable UUID invoice, @Nullable UUID note) {
    var settlement = new Settlement(Ids.next(), f.month().nextOrdinal(), invoice, note);
    return repository
        .insert(s, f, settlement)
        .chain(() -> repository.insertRows(s, f, settlement))
        .chain(
            () ->
                each(f.credits(), c -> repository.insertCredit(s, c.tenant(), settlement.id(), c)));
  }

  /** Takes back what a draft or a note was to settle. */
  public Uni<Void> drop(Mutiny.Session s, UUID settledBy) {
    return repository.delete(s, settledBy);
  }

  private static <T> Uni<Void> each(List<T> all, Function<T, Uni<Void>> work) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (T one : all) {
      done = done.chain(() -> work.apply(one));
    }
    return done;
  }
}
