package dev.gpucloud.billing.document.tax;

import dev.gpucloud.billing.document.invoice.Party;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Won;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Korean tax document (세금계산서, or 계산서 where the supply is exempt) with all that must be on it. Its
 * own key names it for ever, at most 24 characters. {@code hasDetail} says that there are more
 * lines than items, which go along as an attachment.
 */
public record TaxInvoice(
    String key,
    TaxType taxType,
    Purpose purpose,
    LocalDate writeDate,
    Party supplier,
    Party recipient,
    Won supplyValue,
    Won vat,
    List<TaxItem> items,
    boolean hasDetail,
    @Nullable Amendment amendment) {

  /** What the document asks for. */
  public enum Purpose {
    /** It was paid (영수). */
    RECEIPT,
    /** It is to be paid (청구). */
    CLAIM
  }

  public TaxInvoice {
    items = List.copyOf(items);
  }

  public Won total() {
    return supplyValue.plus(vat);
  }
}
