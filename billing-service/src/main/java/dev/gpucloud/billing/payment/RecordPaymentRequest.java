package dev.gpucloud.billing.payment;

import dev.gpucloud.billing.payment.engine.Receipt;
import dev.gpucloud.contracts.money.Money;
import dev.gpucloud.contracts.problem.FieldError;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Money that came in, entered by hand. */
@Schema(
    name = "RecordPayment",
    examples =
        """
        {
          "receivedOn": "2026-11-24",
          "amount": {"amount": "2230800", "currency": "KRW"},
          "payer": "SK hynix",
          "reference": "2026-11-000001"
        }""")
record RecordPaymentRequest(
    @Schema(required = true, examples = "2026-11-24", description = "The bank's date, in Seoul.")
        @Nullable String receivedOn,
    @Schema(required = true) @Nullable Money amount,
    @Schema(required = true, maxLength = 500, examples = "SK hynix") @Nullable String payer,
    @Schema(
            maxLength = 500,
            examples = "2026-11-000001",
            description = "What the payer wrote; the numbers of invoices in it are read.")
        @Nullable String reference) {
  private static final int LONGEST_TEXT = 500;

  Receipt receipt(LocalDate today) {
    List<FieldError> errors = new ArrayList<>();
    LocalDate date = date(today, errors);
    long won = won(amount, errors);
    if (payer == null || !printable(payer) || payer.isBlank()) {
      errors.add(new FieldError("/payer", "expected 1 to 500 printable characters"));
    }
    if (reference != null && !printable(reference)) {
      errors.add(new FieldError("/reference", "expected at most 500 printable characters"));
    }
    if (!errors.isEmpty()) {
      throw PaymentProblems.invalid(errors);
    }
    return new Receipt(
        Objects.requireNonNull(date),
        won,
        Objects.requireNonNull(payer).strip(),
        Objects.requireNonNullElse(reference, "").strip());
  }

  private @Nullable LocalDate date(LocalDate today, List<FieldError> errors) {
    try {
      LocalDate date = LocalDate.parse(Objects.requireNonNullElse(receivedOn, ""));
      if (!date.isAfter(today)) {
        return date;
      }
      errors.add(new FieldError("/receivedOn", "is after today, " + today));
    } catch (DateTimeException e) {
      errors.add(new FieldError("/receivedOn", "expected a date such as 2026-11-24"));
    }
    return null;
  }

  /** Whole won above 0, or a violation and 0. */
  static long won(@Nullable Money amount, List<FieldError> errors) {
    if (amount == null || !Objects.equals(amount.currency(), Money.KRW)) {
      errors.add(
          new FieldError("/amount", "expected {\"amount\": \"...\", \"currency\": \"KRW\"}"));
      return 0;
    }
    String text = Objects.requireNonNullElse(amount.amount(), "");
    if (!text.matches("[1-9][0-9]{0,14}")) {
      errors.add(new FieldError("/amount/amount", "expected whole won from 1 to 999999999999999"));
      return 0;
    }
    return Long.parseLong(text);
  }

  static boolean printable(String text) {
    return text.length() <= LONGEST_TEXT && text.chars().noneMatch(c -> c < ' ' || c == 0x7f);
  }
}
