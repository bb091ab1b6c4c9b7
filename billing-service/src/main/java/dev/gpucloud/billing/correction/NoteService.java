package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.correction.LateUsage.Found;
import dev.gpucloud.billing.correction.LateUsage.Month;
import dev.gpucloud.billing.correction.Note.Person;
import dev.gpucloud.billing.correction.NoteCheck.Wanted;
import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.correction.engine.LatePolicy;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Prepares notes; somebody else decides on them. */
@ApplicationScoped
class NoteService {
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final NoteRepository notes;
  private final LateUsage late;
  private final LateUsageRepository settled;
  private final AccountRepository accounts;
  private final NoteTrail trail;
  private final InstantSource clock;

  NoteService(
      Transactions transactions,
      Idempotency idempotency,
      NoteRepository notes,
      LateUsage late,
      LateUsageRepository settled,
      AccountRepository accounts,
      NoteTrail trail,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.notes = notes;
    this.late = late;
    this.settled = settled;
    this.accounts = accounts;
    this.trail = trail;
    this.clock = clock;
  }

  // ---- preparing

  private record Making(CreateNoteRequest request, Person by, AuditOrigin origin) {}

  /** Prepares a note; a key prepares it once. */
  Uni<Response> create(String invoice, CreateNoteRequest request, @Nullable String key) {
    var making = new Making(request, trail.person(), trail.origin());
    return rated(invoice, request)
        .chain(
            found ->
                idempotency.platform(
                    key, List.of(invoice, request), s -> create(s, invoice, making, found)));
  }

  /** Late usage is rated outside the transaction that settles it, on a worker thread. */
  private Uni<Optional<Found>> rated(String invoice, CreateNoteRequest request) {
    if (!NoteKind.LATE_USAGE.name().equals(request.kind())) {
      return Uni.createFrom().item(Optional.empty());
    }
    return transactions
        .asPlatform(s -> issued(s, invoice).chain(head -> month(s, head)))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(month -> month.flatMap(m -> LateUsage.found(m, AMENDING, m.closed().mode())))
        .map(found -> found.filter(f -> f.correction().outcome() == Correction.Outcome.AMENDED));
  }

  private static final LatePolicy AMENDING = new LatePolicy(LatePolicy.Way.AMENDED, Won.ZERO);

  private Uni<Optional<Month>> month(Mutiny.Session s, NoteRepository.Head head) {
    return accounts
        .byIds(s, List.of(head.account()))
        .map(found -> found.getFirst())
        .chain(
            account ->
                late.months(s, account, BillingMonth.of(clock.instant()).next())
                    .map(
                        all ->
                            all.stream()
                                .filter(m -> m.closed().id().equals(head.id()))
                                .findFirst()));
  }

  private Uni<Response> create(
      Mutiny.Session s, String invoice, Making making, Optional<Found> found) {
    return issued(s, invoice)
        .call(head -> notes.lockAccount(s, head.account()))
        .chain(head -> notes.target(s, head.id()))
        .chain(
            target -> {
              Wanted wanted = checked(making.request(), target);
              return wanted.kind() == NoteKind.LATE_USAGE
                  ? amending(s, making, target, wanted, found)
                  : prepare(s, making, target, wanted, lines(wanted, target));
            })
        .map(
            note ->
                Response.status(Response.Status.CREATED)
                    .header(HttpHeaders.LOCATION, "/api/v1/finance/notes/" + new NoteId(note.id()))
                    .header(HttpHeaders.ETAG, ETags.of(note.version()))
                    .entity(NoteView.of(note))
                    .build());
  }

  private Wanted checked(CreateNoteRequest request, NoteTarget target) {
    NoteCheck.Checked checked = NoteCheck.check(request, target, today());
    if (!checked.errors().isEmpty()) {
      List<FieldError> errors = checked.errors();
      throw new ProblemException(
          ProblemType.VALIDATION_FAILED,
          errors.size() + " values are refused; nothing was changed.",
          Map.of(),
          errors);
    }
    Wanted wanted = Objects.requireNonNull(checked.wanted());
    if (target.mode() == BillingMode.SHOWBACK) {
      throw ProblemType.STATE_CONFLICT.because("Nobody owes this invoice: it is only shown.");
    }
    refuseTakenBack(target, wanted.kind());
    return wanted;
  }

  private static void refuseTakenBack(NoteTarget target, NoteKind kind) {
    if (target.isTakenBack()) {
      throw ProblemType.STATE_CONFLICT.because("A note took back all of this invoice.");
    }
    boolean all = kind.takesAllBack();
    if (all && target.isChanged()) {
      throw ProblemType.STATE_CONFLICT
          .because(
              "Notes changed this invoice by "
                  + target.changed().amount()
                  + " won; take back what is left of it by SUPPLY_CHANGE.")
          .with("leftKrw", target.left().amount())
          .with("waitingKrw", target.waiting().amount());
    }
    boolean allWaits = target.inReview().stream().anyMatch(NoteKind::takesAllBack);
    if (allWaits || all && !target.inReview().isEmpty()) {
      throw ProblemType.STATE_CONFLICT.because(
          "A note of this invoice waits for approval; issue or withdraw it first.");
    }
  }

  private static List<NoteLine> lines(Wanted wanted, NoteTarget target) {
    if (!wanted.kind().takesAllBack()) {
      return NoteLines.differing(target, wanted.differences());
    }
    List<NoteLine> lines = NoteLines.takeBack(target);
    if (lines.stream().allMatch(NoteLine::isNothing)) {
      throw ProblemType.STATE_CONFLICT.because(
          "This invoice comes to 0 won: there is nothing to take back.");
    }
    return lines;
  }

  private Uni<Note> amending(
      Mutiny.Session s, Making making, NoteTarget target, Wanted wanted, Optional<Found> rated) {
    return accounts
        .byIds(s, List.of(target.account()))
        .map(all -> all.getFirst().mode())
        .chain(open -> amendable(s, target, rated, open))
        .chain(
            found -> {
              List<NoteLine> lines = NoteLines.late(target, found.correction(), found.projects());
              return prepare(s, making, target, wanted, lines, found);
            });
  }

  private Uni<Found> amendable(
      Mutiny.Session s, NoteTarget target, Optional<Found> rated, BillingMode open) {
    return settled
        .policy(s, target.account())
        .chain(
            policy ->
                settled
                    .of(s, target.id())
                    .map(stored -> amendable(rated, policy.policy(), open, stored)));
  }

  /**
   * What the account's policy amends, unless another settles it or settled it meanwhile.
   *
   * @param open what the account is charged as now
   */
  private static Found amendable(
      Optional<Found> rated,
      LatePolicy policy,
      BillingMode open,
      List<LateUsageRepository.Stored> stored) {
    Found found =
        rated.orElseThrow(
            () ->
                ProblemType.STATE_CONFLICT.because(
                    "Nothing arrived for this month that was not charged."));
    Won change = found.correction().supplyChange();
    switch (policy.outcome(found.month().closed().mode(), open, change)) {
      case NEXT_INVOICE ->
          throw ProblemType.STATE_CONFLICT.because(
              "The account's late usage is charged by its next invoice; set its policy to AMENDED"
                  + " to amend documents instead.");
      case WRITTEN_OFF ->
          throw ProblemType.STATE_CONFLICT
              .because(
                  Math.abs(change.amount())
                      + " won are written off with the account's next invoice.")
              .with("writeOffBelowKrw", policy.writeOffBelow().amount());
      case AMENDED -> {}
    }
    if (stored.size() != found.month().stored().size() || found.month().pending(null).isPresent()) {
      throw ProblemType.STATE_CONFLICT.because(
          "An invoice or a note that is not issued yet settles this month's late usage.");
    }
    return found;
  }

  private Uni<Note> prepare(
      Mutiny.Session s, Making making, NoteTarget target, Wanted wanted, List<NoteLine> lines) {
    return prepare(s, making, target, wanted, lines, null);
  }

  private Uni<Note> prepare(
      Mutiny.Session s,
      Making making,
      NoteTarget target,
      Wanted wanted,
      List<NoteLine> lines,
      @Nullable Found found) {
    CreateNoteRequest request = making.request();
    var note =
        new Note(
            Ids.next(),
            target.tenant(),
            target.account(),
            target.id(),
            target.number(),
            wanted.kind(),
            Note.State.IN_REVIEW,
            null,
            request.percent(),
            request.sku(),
            lines,
            NoteWords.of(wanted.kind(), target),
            Objects.requireNonNull(request.why()),
            request.periodFrom(),
            request.periodTo(),
            wanted.writeDate(),
            making.by(),
            null,
            null,
            List.of(),
            1);
    List<NoteItem> items = found == null ? null : NoteWords.items(found, target, lines);
    return notes
        .insert(s, note, target.usual(), items)
        .chain(
            () ->
                found == null ? Uni.createFrom().voidItem() : late.keep(s, found, null, note.id()))
        .chain(() -> trail.tell(s, making.origin(), "create", null, note))
        .replaceWith(note);
  }

  // ---- reading

  Uni<Response> show(NoteId id) {
    return transactions.asPlatform(s -> notes.load(s, id, false)).map(NoteView::answer);
  }

  Uni<List<Note>> ofInvoice(Mutiny.Session s, String invoice) {
    return issued(s, invoice).chain(head -> notes.ofInvoice(s, head.id()));
  }

  private Uni<NoteRepository.Head> issued(Mutiny.Session s, String invoice) {
    return notes
        .head(s, idOrNull(invoice), invoice)
        .map(
            found ->
                found.orElseThrow(() -> ProblemType.NOT_FOUND.because("There is no such invoice.")))
        .invoke(
            head -> {
              if (!head.state().equals("ISSUED")) {
                throw ProblemType.STATE_CONFLICT
                    .because("Only an issued invoice has notes; this one is " + head.state() + ".")
                    .with("state", head.state());
              }
            });
  }

  private static @Nullable UUID idOrNull(String invoice) {
    try {
      return InvoiceId.parse(invoice).value();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), BillingMonth.ZONE);
  }
}
