package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.invoice.InvoiceRepository.By;
import dev.gpucloud.billing.invoice.engine.InvoiceNumber;
import dev.gpucloud.billing.invoice.engine.InvoiceState.Approved;
import dev.gpucloud.billing.ledger.LedgerRepository;
import dev.gpucloud.billing.ledger.LedgerRepository.Post;
import dev.gpucloud.billing.ledger.LedgerRepository.Poster;
import dev.gpucloud.billing.ledger.engine.InvoicePostings;
import dev.gpucloud.billing.payment.InvoiceEvents;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.crash.CrashPoints;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Issues approved invoices of one month: number, postings and what is told of it commit together.
 */
@ApplicationScoped
class Issuing {
  private final InvoiceRepository invoices;
  private final InvoiceHeads heads;
  private final AccountRepository accounts;
  private final MonthRating rating;
  private final LedgerRepository ledger;
  private final InvoiceEvents events;
  private final CrashPoints crashes;
  private final InstantSource clock;

  Issuing(
      InvoiceRepository invoices,
      InvoiceHeads heads,
      AccountRepository accounts,
      MonthRating rating,
      LedgerRepository ledger,
      InvoiceEvents events,
      CrashPoints crashes,
      @Business InstantSource clock) {
    this.invoices = invoices;
    this.heads = heads;
    this.accounts = accounts;
    this.rating = rating;
    this.ledger = ledger;
    this.events = events;
    this.crashes = crashes;
    this.clock = clock;
  }

  /** What the events that came since say against some invoices; nothing for those still right. */
  Uni<Map<UUID, ProblemException>> stale(Mutiny.Session s, List<InvoiceEntity> of) {
    return of.isEmpty()
        ? Uni.createFrom().item(Map.of())
        : accounts
            .byIds(s, of.stream().map(e -> e.accountId).toList())
            .chain(found -> rating.meteredEvents(s, found, BillingMonth.parse(month(of))))
            .map(counts -> stale(of, counts));
  }

  private static String month(List<InvoiceEntity> of) {
    return of.getFirst().month;
  }

  private static Map<UUID, ProblemException> stale(List<InvoiceEntity> of, Map<UUID, Long> counts) {
    Map<UUID, ProblemException> stale = new HashMap<>();
    for (InvoiceEntity e : of) {
      long count = counts.getOrDefault(e.accountId, 0L);
      if (count != e.meteredEvents) {
        stale.put(
            e.id,
            ProblemType.STATE_CONFLICT
                .because(
                    "Usage of "
                        + e.month
                        + " changed since this invoice was rated; return it and rate it anew.")
                .with("meteredEvents", count)
                .with("ratedEvents", e.meteredEvents));
      }
    }
    return stale;
  }

  /**
   * Issues invoices that are locked, approved and not stale, with a few statements whatever their
   * number; {@code then} makes the change it is given and writes what else belongs to the move.
   */
  Uni<Void> issue(
      Mutiny.Session s,
      List<InvoiceEntity> of,
      By by,
      Function<Supplier<Uni<Void>>, Uni<Void>> then) {
    if (of.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Instant now = clock.instant();
    of.forEach(s::detach); // all heads are written together
    return accounts
        .byIds(s, of.stream().map(e -> e.accountId).toList())
        .invoke(found -> name(of, found))
        .chain(() -> ledger.post(s, postings(of), new Poster(by.subject(), by.name()), now))
        .invoke(() -> crashes.reached(MonthPoint.POSTED))
        .chain(() -> invoices.takeNumbers(s, month(of), of.size()))
        .chain(
            last ->
                then.apply(
                    () -> {
                      number(of, last, by, now);
                      return heads.issue(s, of);
                    }))
        .chain(() -> events.issued(s, of.stream().map(Issuing::told).toList()))
        .invoke(() -> crashes.reached(MonthPoint.NUMBERED));
  }

  /** Takes the names over as they are now. */
  private static void name(List<InvoiceEntity> of, List<Account> found) {
    Map<UUID, Account> byId = found.stream().collect(Collectors.toMap(Account::id, a -> a));
    of.forEach(e -> DraftService.name(e, Objects.requireNonNull(byId.get(e.accountId))));
  }

  private static List<Post> postings(List<InvoiceEntity> of) {
    return of.stream().flatMap(e -> postings(e).stream()).toList();
  }

  private static List<Post> postings(InvoiceEntity e) {
    return InvoicePostings.ofIssue(
            new InvoiceId(e.id).toString(),
            e.mode,
            new Won(e.supplyKrw),
            new Won(e.vatKrw),
            new Won(e.prepaidKrw))
        .stream()
        .map(t -> Post.of(e.tenantId, t))
        .toList();
  }

  private static void number(List<InvoiceEntity> of, long last, By by, Instant now) {
    long number = last - of.size();
    for (InvoiceEntity e : of) {
      number++;
      e.issuedBy = by.subject();
      e.issuedAt = now;
      e.moveTo(
          approved(e).issue(new InvoiceNumber(BillingMonth.parse(e.month), number).toString()));
    }
  }

  /** Refuses what is in another state. */
  static Approved approved(InvoiceEntity e) {
    if (e.toState() instanceof Approved approved) {
      return approved;
    }
    throw InvoiceService.conflict(e, "issued");
  }

  private static InvoiceEvents.Issued told(InvoiceEntity e) {
    boolean owed = e.mode.isOwed();
    return new InvoiceEvents.Issued(
        e.id,
        e.tenantId,
        Objects.requireNonNull(e.number),
        e.month,
        e.totalKrw,
        owed ? Math.max(0, e.totalKrw - e.prepaidKrw) : 0,
        Objects.requireNonNull(e.issuedAt),
        e.mode.name());
  }
}
