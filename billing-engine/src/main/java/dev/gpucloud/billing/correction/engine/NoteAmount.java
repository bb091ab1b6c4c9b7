package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.invoice.engine.Vat;
import dev.gpucloud.contracts.money.Won;

/** What a note changes of an issued document, negative where it takes back. */
public record NoteAmount(Won supplyValue, Won vat) {
  static final NoteAmount NOTHING = new NoteAmount(Won.ZERO, Won.ZERO);

  /** A difference; VAT counts all differences of the document so far (rule R7). */
  public static NoteAmount difference(
      NoteAmount document, Won changedBefore, Won difference, TaxType taxType) {
    Won vat =
        taxType == TaxType.TAXED
            ? Vat.ofChange(document.supplyValue, document.vat, changedBefore, difference)
            : Won.ZERO;
    return new NoteAmount(difference, vat);
  }

  /** The document taken back as it was stored and another one put in its place (rule R8). */
  public static NoteAmount replacement(Won supply, Won vat, Won supplyNow, TaxType taxType) {
    return new NoteAmount(supplyNow.minus(supply), Vat.of(supplyNow, taxType).minus(vat));
  }

  /** All of a document, as it was stored. */
  public static NoteAmount takeBack(Won supply, Won vat) {
    return new NoteAmount(supply.negate(), vat.negate());
  }

  NoteAmount plus(NoteAmount other) {
    return new NoteAmount(supplyValue.plus(other.supplyValue), vat.plus(other.vat));
  }

  boolean isNothing() {
    return equals(NOTHING);
  }

  public Won total() {
    return supplyValue.plus(vat);
  }
}
