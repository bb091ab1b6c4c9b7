package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.close.Checklists;
import dev.gpucloud.billing.invoice.InvoiceRepository.By;
import dev.gpucloud.billing.invoice.MonthRating.UsageChanged;
import dev.gpucloud.billing.invoice.engine.InvoiceState.Approval;
import dev.gpucloud.billing.invoice.engine.InvoiceState.Approved;
import dev.gpucloud.billing.invoice.engine.InvoiceState.Draft;
import dev.gpucloud.billing.invoice.engine.InvoiceState.InReview;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.crash.CrashPoints;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.idempotency.IdempotencyKey;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * An invoice's life from draft to issue. Each move is one transaction: the state, its history and,
 * at issue, number and postings commit together or not at all.
 */
@ApplicationScoped
class InvoiceService {
  private static final int TRIES = 3;

  private final Transactions transactions;
  private final Idempotency idempotency;
  private final MonthRating rating;
  private final DraftService drafts;
  private final Checklists checklists;
  private final InvoiceRepository invoices;
  private final AccountRepository accounts;
  private final Issuing issuing;
  private final CrashPoints crashes;
  private final Caller caller;
  private final InstantSource clock;
  private final Audit audit;
  private final InvoiceTrail trail;
  private final InvoiceViews views;

  InvoiceService(
      Transactions transactions,
      Idempotency idempotency,
      MonthRating rating,
      DraftService drafts,
      Checklists checklists,
      InvoiceRepository invoices,
      AccountRepository accounts,
      Issuing issuing,
      CrashPoints crashes,
      Caller caller,
      @Business InstantSource clock,
      Audit audit,
      InvoiceTrail trail,
      InvoiceViews views) {
    this.audit = audit;
    this.trail = trail;
    this.views = views;
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.rating = rating;
    this.drafts = drafts;
    this.checklists = checklists;
    this.invoices = invoices;
    this.accounts = accounts;
    this.issuing = issuing;
    this.crashes = crashes;
    this.caller = caller;
    this.clock = clock;
  }

  /** A request to move an invoice on. */
  record Move(
      InvoiceId id, @Nullable String ifMatch, @Nullable String key, @Nullable String comment) {}

  // ---- draft

  /** Makes the draft of a month once per key and once per account and month. */
  Uni<Response> create(CreateInvoiceRequest request, @Nullable String key) {
    IdempotencyKey scoped = idempotency.scopedKey(null, key, request);
    By by = by();
    AuditOrigin origin = audit.origin();
    return transactions
        .asPlatform(s -> idempotency.find(s, scoped))
        .chain(
            stored ->
                stored.isPresent()
                    ? Uni.createFrom().item(() -> stored.get().replay(scoped))
                    : draft(request, scoped, by, origin));
  }

  private Uni<Response> draft(
      CreateInvoiceRequest request, IdempotencyKey key, By by, AuditOrigin origin) {
    return transactions
        .asPlatform(s -> drafts.find(s, request))
        .chain(rating::rate)
        .chain(
            rated ->
                once(
                    key,
                    s ->
                        drafts
                            .insert(s, List.of(rated), by)
                            .map(DraftService.Written::only)
                            .call(e -> trail.tell(s, origin, "invoice.create", null, e))
                            .chain(e -> created(s, e))))
        .onFailure(UsageChanged.class)
        .retry()
        .atMost(TRIES)
        .onFailure(UsageChanged.class)
        .transform(f -> usageChanged());
  }

  /** The stored answer of the key, or the effect with its answer, in one transaction. */
  private Uni<Response> once(IdempotencyKey key, Function<Mutiny.Session, Uni<Response>> effect) {
    return transactions.asPlatform(
        s ->
            idempotency
                .lock(s, key)
                .chain(() -> idempotency.find(s, key))
                .chain(
                    stored ->
                        stored.isPresent()
                            ? Uni.createFrom().item(() -> stored.get().replay(key))
                            : effect.apply(s).chain(r -> keep(s, key, r))));
  }

  private Uni<Response> keep(Mutiny.Session s, IdempotencyKey key, Response response) {
    var answer = idempotency.answer(key, response);
    return s.flush().chain(() -> idempotency.store(s, key, answer)).map(v -> answer.first());
  }

  private static ProblemException usageChanged() {
    return ProblemType.STATE_CONFLICT.because(
        "Usage of the month keeps changing while it is rated; repeat the request.");
  }

  private Uni<Response> created(Mutiny.Session s, InvoiceEntity e) {
    trail.count("create");
    return views
        .view(s, e)
        .map(
            view ->
                // a plain header: the builder's own location() wants a request at hand, and after
                // rating on a worker thread there is none
                Response.status(Response.Status.CREATED)
                    .header(HttpHeaders.LOCATION, "/api/v1/finance/invoices/" + view.id())
                    .header(HttpHeaders.ETAG, ETags.of(view.version()))
                    .entity(view)
                    .build());
  }

  /** Rates a draft anew from what is known now. */
  Uni<Response> rerate(Move move) {
    By by = by();
    AuditOrigin origin = audit.origin();
    return transactions
        .asPlatform(
            s ->
                load(s, move.id(), false)
                    .chain(
                        e -> {
                          ETags.require(move.ifMatch(), e.version);
                          draftOf(e);
                          return accounts
                              .load(s, e.accountId)
                              .map(
                                  a ->
                                      new MonthRating.AccountMonth(a, BillingMonth.parse(e.month)));
                        }))
        .chain(rating::compute)
        .chain(
            rated ->
                transactions.asPlatform(
                    s ->
                        load(s, move.id(), true)
                            .chain(
                                e -> {
                                  ETags.require(move.ifMatch(), e.version);
                                  draftOf(e);
                                  Map<String, Object> before = InvoiceTrail.facts(e);
                                  return drafts
                                      .replace(s, e, rated, by)
                                      .chain(
                                          () -> trail.tell(s, origin, "invoice.rerate", before, e))
                                      .chain(() -> views.answer(s, e));
                                })))
        .onFailure(UsageChanged.class)
        .transform(f -> usageChanged());
  }

  // ---- moves

  /** Writes drafts that no request asked for, in one transaction. */
  Uni<DraftService.Written> insert(List<MonthRating.Rated> rated, By by) {
    AuditOrigin origin = audit.origin();
    return transactions
        .asPlatform(s -> drafts.insert(s, rated, by).call(w -> trail.tell(s, origin, w.drafts())))
        .invoke(w -> w.drafts().forEach(e -> trail.count("create")))
        .invoke(() -> crashes.reached(MonthPoint.DRAFTED));
  }

  /**
   * Issues what is approved and of which the checklist is clear, for who closes the month, in one
   * transaction; completes with what refused some of them, by account.
   */
  Uni<Map<UUID, RuntimeException>> issueClear(List<InvoiceEntity> clear, By by) {
    Map<UUID, Long> versions = clear.stream().collect(Collectors.toMap(e -> e.id, e -> e.version));
    return transactions
        .asPlatform(
            s ->
                invoices
                    .findForUpdate(s, versions.keySet())
                    .chain(
                        locked ->
                            issuing
                                .stale(s, locked)
                                .chain(stale -> issue(s, locked, versions, stale, by))))
        .invoke(() -> crashes.reached(MonthPoint.ISSUED));
  }

  private Uni<Map<UUID, RuntimeException>> issue(
      Mutiny.Session s,
      List<InvoiceEntity> locked,
      Map<UUID, Long> versions,
      Map<UUID, ProblemException> stale,
      By by) {
    Map<UUID, RuntimeException> refused = new HashMap<>();
    List<InvoiceEntity> right = new ArrayList<>();
    for (InvoiceEntity e : locked) {
      try {
        ETags.require(ETags.of(Objects.requireNonNull(versions.get(e.id))), e.version);
        Issuing.approved(e);
        if (stale.containsKey(e.id)) {
          throw stale.get(e.id);
        }
        right.add(e);
      } catch (ProblemException why) {
        refused.put(e.accountId, why);
      }
    }
    return issuing
        .issue(s, right, by, change -> trail.moved(s, right, change, "ISSUE", by, null))
        .replaceWith(refused);
  }

  Uni<Response> submit(Move move) {
    By by = by();
    return whenClear(move, "DRAFT", () -> submit(move, by));
  }

  private Uni<Response> submit(Move move, By by) {
    return move(
        move,
        (s, e) -> {
          InReview next = draftOf(e).submit(by.subject());
          return fresh(s, e)
              .chain(
                  () -> {
                    e.submittedBy = by.subject();
                    e.submittedAt = clock.instant();
                    return moved(s, e, () -> e.moveTo(next), "SUBMIT", by, move.comment());
                  })
              .chain(() -> views.answer(s, e));
        });
  }

  Uni<Response> approve(Move move) {
    By by = by();
    return move(
        move,
        (s, e) -> {
          if (!(e.toState() instanceof InReview review)) {
            throw conflict(e, "approved");
          }
          return switch (review.approve(by.subject())) {
            case Approval.RefusedToPreparer refused ->
                throw ProblemType.FOUR_EYES.because(
                    "You prepared or submitted this invoice; somebody else approves it.");
            case Approval.Granted granted ->
                fresh(s, e)
                    .chain(
                        () -> {
                          e.approvedAt = clock.instant();
                          return moved(
                              s, e, () -> e.moveTo(granted.state()), "APPROVE", by, move.comment());
                        })
                    .chain(() -> views.answer(s, e));
          };
        });
  }

  Uni<Response> sendBack(Move move) {
    By by = by();
    return move(
        move,
        (s, e) -> {
          Draft next =
              switch (e.toState()) {
                case InReview review -> review.sendBack();
                case Approved approved -> approved.sendBack();
                default -> throw conflict(e, "returned");
              };
          return moved(s, e, () -> e.moveTo(next), "RETURN", by, move.comment())
              .chain(() -> views.answer(s, e));
        });
  }

  /** Numbers, posts and closes the invoice, all in one transaction. */
  Uni<Response> issue(Move move) {
    By by = by();
    return whenClear(
        move,
        "APPROVED",
        () -> move(move, (s, e) -> issue(s, e, move, by).chain(() -> views.answer(s, e))));
  }

  private Uni<Void> issue(Mutiny.Session s, InvoiceEntity e, Move move, By by) {
    Issuing.approved(e);
    return fresh(s, e)
        .chain(
            () ->
                issuing.issue(
                    s,
                    List.of(e),
                    by,
                    change -> trail.moved(s, List.of(e), change, "ISSUE", by, move.comment())));
  }

  /** The checklist is asked before anything is locked; a wrong state is the move's to refuse. */
  private <T> Uni<T> whenClear(Move move, String state, Supplier<Uni<T>> work) {
    return transactions
        .asPlatform(s -> load(s, move.id(), false).call(e -> current(s, e, move, state)))
        .chain(
            e ->
                e.state.equals(state)
                    ? checklists.require(e.accountId, BillingMonth.parse(e.month))
                    : Uni.createFrom().voidItem())
        .chain(() -> work.get());
  }

  private Uni<Void> current(Mutiny.Session s, InvoiceEntity e, Move move, String state) {
    if (!e.state.equals(state)) {
      return Uni.createFrom().voidItem();
    }
    ETags.require(move.ifMatch(), e.version);
    return fresh(s, e);
  }

  @FunctionalInterface
  private interface Effect {
    Uni<Response> on(Mutiny.Session s, InvoiceEntity e);
  }

  /** Locks the invoice, checks the version seen, and stores the answer under the key if given. */
  private Uni<Response> move(Move move, Effect effect) {
    Function<Mutiny.Session, Uni<Response>> work = s -> locked(s, move).chain(e -> effect.on(s, e));
    return move.key() == null
        ? transactions.asPlatform(work)
        : once(
            idempotency.scopedKey(null, move.key(), Objects.requireNonNullElse(move.comment(), "")),
            work);
  }

  private Uni<InvoiceEntity> locked(Mutiny.Session s, Move move) {
    return load(s, move.id(), true).invoke(e -> ETags.require(move.ifMatch(), e.version));
  }

  private Uni<Void> moved(
      Mutiny.Session s,
      InvoiceEntity e,
      Runnable change,
      String action,
      By by,
      @Nullable String comment) {
    return trail.moved(
        s,
        List.of(e),
        () -> {
          change.run();
          return s.flush();
        },
        action,
        by,
        comment);
  }

  /** A draft is only as good as the events it was rated from. */
  private Uni<Void> fresh(Mutiny.Session s, InvoiceEntity e) {
    return issuing
        .stale(s, List.of(e))
        .invoke(
            stale -> {
              if (!stale.isEmpty()) {
                throw stale.get(e.id);
              }
            })
        .replaceWithVoid();
  }

  private Uni<InvoiceEntity> load(Mutiny.Session s, InvoiceId id, boolean forUpdate) {
    return (forUpdate ? invoices.findForUpdate(s, id.value()) : invoices.find(s, id.value()))
        .map(found -> found.orElseThrow(InvoiceService::notFound));
  }

  private static Draft draftOf(InvoiceEntity e) {
    if (e.toState() instanceof Draft draft) {
      return draft;
    }
    throw conflict(e, "changed or submitted");
  }

  static ProblemException conflict(InvoiceEntity e, String what) {
    return ProblemType.STATE_CONFLICT
        .because("An invoice in state " + e.state + " cannot be " + what + ".")
        .with("state", e.state);
  }

  static ProblemException notFound() {
    return ProblemType.NOT_FOUND.because("There is no such invoice.");
  }

  private By by() {
    return new By(caller.subject(), caller.username());
  }
}
