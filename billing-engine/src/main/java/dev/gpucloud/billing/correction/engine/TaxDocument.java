package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A tax document that amends an earlier one, or credits against it. A month with lines of several
 * tax types has a document of each, so each is amended by itself.
 *
 * @param reason why it amends; none of an original that is late
 */
public record TaxDocument(
    Kind kind,
    @Nullable Reason reason,
    BillingMonth originalMonth,
    LocalDate writeDate,
    TaxType taxType,
    Won supplyValue,
    Won vat) {

  /** What it does to the original. */
  public enum Kind {
    /** The first of its tax type, issued late: the month came to 0 won before. */
    ORIGINAL,
    /** Takes the original back, as it was. */
    REVERSAL,
    /** Stands in its place. */
    REPLACEMENT,
    /** Changes the supply value by a difference. */
    CREDIT_NOTE
  }

  /** Amendment reasons of the Korean tax document, with their codes. */
  public enum Reason {
    ENTRY_ERROR(1),
    SUPPLY_VALUE_CHANGE(2),
    CONTRACT_RESCINDED(4),
    DOUBLE_ISSUE(6);

    private final int code;

    Reason(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  /** The write date of a month's own document. */
  static LocalDate lastDay(BillingMonth month) {
    return month.end().atZone(BillingMonth.ZONE).toLocalDate().minusDays(1);
  }
}
