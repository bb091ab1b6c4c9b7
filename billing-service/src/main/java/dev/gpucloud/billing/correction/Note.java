package dev.gpucloud.billing.correction;

import dev.gpucloud.contracts.money.Won;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A note against an issued invoice; amounts are negative where it takes back. VAT is final with the
 * issue, for it counts the notes that were issued before. Lines come by tax type.
 */
record Note(
    UUID id,
    UUID tenant,
    UUID account,
    UUID invoice,
    String invoiceNumber,
    NoteKind kind,
    State state,
    @Nullable String number,
    @Nullable String percent,
    @Nullable String sku,
    List<NoteLine> lines,
    String description,
    String why,
    @Nullable LocalDate periodFrom,
    @Nullable LocalDate periodTo,
    LocalDate writeDate,
    Person prepared,
    @Nullable Person decided,
    @Nullable String comment,
    List<String> taxDocuments,
    long version) {

  Note {
    lines = List.copyOf(lines);
  }

  Won supply() {
    return lines.stream().map(NoteLine::supply).reduce(Won.ZERO, Won::plus);
  }

  Won vat() {
    return lines.stream().map(NoteLine::vat).reduce(Won.ZERO, Won::plus);
  }

  /** Where a note stands. */
  enum State {
    /** Waits for a second person. */
    IN_REVIEW,
    /** Numbered and posted, for good. */
    ISSUED,
    /** Nothing came of it. */
    WITHDRAWN
  }

  /** Who acted, and when. */
  record Person(String subject, String name, Instant at) {}
}
