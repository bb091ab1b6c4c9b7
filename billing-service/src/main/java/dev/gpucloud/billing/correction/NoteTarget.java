package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An issued invoice as notes see it. {@code supply} and {@code vat} are those of the document that
 * stands now, late usage included; {@code changed} are the differences since, of issued notes, and
 * {@code waiting} those of notes in review.
 */
record NoteTarget(
    UUID id,
    UUID tenant,
    UUID account,
    String number,
    BillingMonth month,
    BillingMode mode,
    TaxType taxType,
    LocalDate writeDate,
    Won supply,
    Won vat,
    Won changed,
    Won changedVat,
    Won waiting,
    boolean isTakenBack,
    int issuedNotes,
    List<String> inReview,
    Map<String, Long> billedBySku) {

  /** What a difference may take back at most, as a positive amount. */
  Won left() {
    return supply.plus(changed).plus(waiting);
  }
}
