package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.correction.engine.NoteAmount;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * An issued invoice as notes see it: its lines and all notes against it. What falls under one tax
 * type stands on a tax document of its own, so it is changed by itself.
 */
record NoteTarget(
    UUID id,
    UUID tenant,
    UUID account,
    String number,
    BillingMonth month,
    BillingMode mode,
    LocalDate writeDate,
    List<BilledLine> lines,
    List<Note> notes) {

  NoteTarget {
    lines = List.copyOf(lines);
    notes = List.copyOf(notes);
  }

  boolean isTakenBack() {
    return issued().anyMatch(n -> n.kind().takesAllBack());
  }

  /** Whether differences were issued against it. */
  boolean isChanged() {
    return differences().anyMatch(n -> n.supply().amount() != 0 || n.vat().amount() != 0);
  }

  int issuedNotes() {
    return (int) issued().count();
  }

  List<NoteKind> inReview() {
    return waitingNotes().map(Note::kind).toList();
  }

  private Stream<Note> issued() {
    return notes.stream().filter(n -> n.state() == Note.State.ISSUED);
  }

  private Stream<Note> differences() {
    return issued().filter(n -> n.kind().isDifference());
  }

  private Stream<Note> waitingNotes() {
    return notes.stream().filter(n -> n.state() == Note.State.IN_REVIEW);
  }

  // ---- by tax type

  /** What stands now, late usage included. */
  List<BilledLine> standing() {
    var all = new ArrayList<>(lines);
    issued()
        .filter(n -> n.kind() == NoteKind.LATE_USAGE)
        .forEach(n -> n.lines().forEach(l -> all.add(BilledLine.of(l))));
    return List.copyOf(all);
  }

  /** The tax types that something was billed under. */
  SortedSet<TaxType> taxTypes() {
    var types = new TreeSet<TaxType>();
    standing().forEach(l -> types.add(l.taxType()));
    return types;
  }

  /** The first type of the invoice's own month; if nothing was billed for that, of what was. */
  TaxType usual() {
    return lines.stream()
        .filter(l -> !l.isLate())
        .map(BilledLine::taxType)
        .min(Comparator.naturalOrder())
        .orElseGet(() -> taxTypes().isEmpty() ? mode.taxType() : taxTypes().first());
  }

  /** The supply value of the document that stands now. */
  Won supply(TaxType type) {
    return sum(l -> l.taxType() == type);
  }

  Won supply() {
    return sum(l -> true);
  }

  Won sum(Predicate<BilledLine> of) {
    return standing().stream().filter(of).map(BilledLine::supply).reduce(Won.ZERO, Won::plus);
  }

  Won vat(TaxType type) {
    return standing().stream()
        .filter(l -> l.taxType() == type)
        .map(BilledLine::vat)
        .reduce(Won.ZERO, Won::plus);
  }

  /** The document that stands now. */
  NoteAmount document(TaxType type) {
    return new NoteAmount(supply(type), vat(type));
  }

  /** Differences that were issued since. */
  Won changed(TaxType type) {
    return sum(differences(), l -> l.taxType() == type);
  }

  /** The same of all tax types. */
  Won changed() {
    return sum(differences(), l -> true);
  }

  /** What is left of the document after the differences that were issued. */
  Won left(TaxType type) {
    return supply(type).plus(changed(type));
  }

  /** The same of all tax types. */
  Won left() {
    return supply().plus(changed());
  }

  /** What notes in review would take from it that go the same way as a difference. */
  Won waiting(TaxType type, Won difference) {
    int sign = Long.signum(difference.amount());
    return sum(
        waitingNotes(), l -> l.taxType() == type && Long.signum(l.supply().amount()) == sign);
  }

  /** What notes in review would change, of all tax types. */
  Won waiting() {
    return sum(waitingNotes(), l -> true);
  }

  private static Won sum(Stream<Note> notes, Predicate<NoteLine> of) {
    return notes
        .flatMap(n -> n.lines().stream())
        .filter(of)
        .map(NoteLine::supply)
        .reduce(Won.ZERO, Won::plus);
  }
}
