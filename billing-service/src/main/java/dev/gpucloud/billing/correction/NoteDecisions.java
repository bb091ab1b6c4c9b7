package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.correction.Note.Person;
import dev.gpucloud.billing.correction.NoteRepository.Decision;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.ledger.LedgerRepository;
import dev.gpucloud.billing.ledger.LedgerRepository.Post;
import dev.gpucloud.billing.ledger.LedgerRepository.Poster;
import dev.gpucloud.billing.ledger.engine.NotePostings;
import dev.gpucloud.billing.taxdocument.TaxAmendments;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * What a second person decides on a note. The issue numbers, posts and tells it and amends the tax
 * document if there is one to amend, all in one transaction.
 */
@ApplicationScoped
class NoteDecisions {
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final NoteRepository notes;
  private final LateUsage late;
  private final LedgerRepository ledger;
  private final TaxAmendments tax;
  private final NoteEvents events;
  private final NoteTrail trail;
  private final MeterRegistry meters;

  NoteDecisions(
      Transactions transactions,
      Idempotency idempotency,
      NoteRepository notes,
      LateUsage late,
      LedgerRepository ledger,
      TaxAmendments tax,
      NoteEvents events,
      NoteTrail trail,
      MeterRegistry meters) {
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.notes = notes;
    this.late = late;
    this.ledger = ledger;
    this.tax = tax;
    this.events = events;
    this.trail = trail;
    this.meters = meters;
  }

  /** A request to decide on a note. */
  record Move(
      NoteId id, @Nullable String ifMatch, @Nullable String key, @Nullable String comment) {}

  /** Issues a note: somebody else than who prepared it. */
  Uni<Response> approve(Move move) {
    Person by = trail.person();
    AuditOrigin origin = trail.origin();
    return once(
        move,
        s ->
            waiting(s, move)
                .invoke(note -> refuseToPreparer(note, by))
                .chain(
                    note ->
                        notes
                            .target(s, note.invoice())
                            .chain(target -> issue(s, note, decision(note, target, by, move)))
                            .call(issued -> trail.tell(s, origin, "issue", note, issued))));
  }

  private static void refuseToPreparer(Note note, Person by) {
    if (note.prepared().subject().equals(by.subject())) {
      throw ProblemType.FOUR_EYES.because("You prepared this note; somebody else approves it.");
    }
  }

  private static Decision decision(Note note, NoteTarget target, Person by, Move move) {
    int ordinal = target.issuedNotes() + 1;
    String number = String.format(Locale.ROOT, "%s-C%02d", target.number(), ordinal);
    return new Decision(
        Note.State.ISSUED, number, ordinal, finalLines(note, target), by, move.comment());
  }

  /** VAT counts the notes that were issued before; what was left then may not be left now. */
  private static List<NoteLine> finalLines(Note note, NoteTarget target) {
    if (target.isTakenBack()) {
      throw ProblemType.STATE_CONFLICT.because("A note took back all of this invoice.");
    }
    if (note.kind().takesAllBack()) {
      if (target.isChanged()) {
        throw ProblemType.STATE_CONFLICT.because("Other notes changed this invoice meanwhile.");
      }
      return NoteLines.takeBack(target);
    }
    if (note.kind() == NoteKind.LATE_USAGE) {
      return NoteLines.replacing(target, note.lines());
    }
    note.lines().stream()
        .collect(Collectors.groupingBy(NoteLine::taxType))
        .forEach((type, of) -> refuseBeyond(target, type, of));
    return NoteLines.differing(target, note.lines());
  }

  private static void refuseBeyond(NoteTarget target, TaxType type, List<NoteLine> of) {
    Won difference = of.stream().map(NoteLine::supply).reduce(Won.ZERO, Won::plus);
    Won left = target.left(type);
    if (difference.amount() < 0 && left.plus(difference).amount() < 0) {
      throw ProblemType.STATE_CONFLICT
          .because("More would be taken back than is left of the invoice; withdraw the note.")
          .with("leftKrw", left.amount())
          .with("taxType", type.name());
    }
  }

  private Uni<Note> issue(Mutiny.Session s, Note note, Decision decision) {
    return notes
        .decide(s, note, decision)
        .chain(() -> tax.amend(s, note.id(), decision.by().subject()))
        .chain(() -> notes.load(s, new NoteId(note.id()), false))
        .call(issued -> post(s, issued, decision))
        .call(issued -> events.issued(s, issued, decision.by().at()))
        .invoke(
            issued ->
                meters.counter("gpucloud.billing.notes", "kind", note.kind().name()).increment());
  }

  private Uni<Void> post(Mutiny.Session s, Note issued, Decision decision) {
    return notes
        .target(s, issued.invoice())
        .chain(
            target ->
                ledger.post(
                    s,
                    List.of(
                        new Post(
                            issued.tenant(),
                            NotePostings.ofIssue(
                                new NoteId(issued.id()).toString(),
                                target.mode(),
                                issued.supply(),
                                issued.vat()),
                            new InvoiceId(issued.invoice()).toString())),
                    new Poster(decision.by().subject(), decision.by().name()),
                    decision.by().at()));
  }

  /** Nothing comes of a note that waits. */
  Uni<Response> withdraw(Move move) {
    Person by = trail.person();
    AuditOrigin origin = trail.origin();
    return once(
        move,
        s ->
            waiting(s, move)
                .chain(
                    note ->
                        late.drop(s, note.id())
                            .chain(
                                () ->
                                    notes.decide(
                                        s,
                                        note,
                                        new Decision(
                                            Note.State.WITHDRAWN,
                                            null,
                                            null,
                                            note.lines(),
                                            by,
                                            move.comment())))
                            .chain(() -> notes.load(s, move.id(), false))
                            .call(gone -> trail.tell(s, origin, "withdraw", note, gone))));
  }

  private Uni<Response> once(Move move, Function<Mutiny.Session, Uni<Note>> work) {
    Function<Mutiny.Session, Uni<Response>> answered = s -> work.apply(s).map(NoteView::answer);
    return move.key() == null
        ? transactions.asPlatform(answered)
        : idempotency.platform(
            move.key(),
            List.of(move.id(), Objects.requireNonNullElse(move.comment(), "")),
            answered);
  }

  /** The note, in review and as it was seen, locked with its account. */
  private Uni<Note> waiting(Mutiny.Session s, Move move) {
    return notes
        .load(s, move.id(), false)
        .call(note -> notes.lockAccount(s, note.account()))
        .chain(() -> notes.load(s, move.id(), true))
        .invoke(
            note -> {
              ETags.require(move.ifMatch(), note.version());
              if (note.state() != Note.State.IN_REVIEW) {
                throw ProblemType.STATE_CONFLICT
                    .because("A note that is " + note.state() + " is final.")
                    .with("state", note.state().name());
              }
            });
  }
}
