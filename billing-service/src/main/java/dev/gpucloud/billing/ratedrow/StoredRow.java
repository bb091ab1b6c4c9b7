package dev.gpucloud.billing.ratedrow;

import dev.gpucloud.billing.rating.engine.CreditEngine.Burn;
import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A rated row as it stands below an invoice line; exact amounts and quantities are fractions as
 * text, {@code credits} is a JSON array of what each promotional credit took.
 *
 * @param isEndEstimated true where the run was last seen alive a minute before the row's end
 * @param quantity units times hours; null in rows from before commitments shared rows
 * @param listPrice of the list when the row begins, whatever a contract asked
 * @param basePrice price before the factors; null in the same rows
 */
public record StoredRow(
    int line,
    int number,
    UUID project,
    UUID instance,
    String instanceName,
    String instanceType,
    @Nullable String costCenter,
    UUID run,
    Instant start,
    Instant end,
    boolean isEndEstimated,
    long paddingMillis,
    long billedMillis,
    int gpus,
    int units,
    String category,
    String share,
    @Nullable String quantity,
    @Nullable String coveredBy,
    String priceVersion,
    String listPrice,
    @Nullable String basePrice,
    String unitPrice,
    String factors,
    String ratedAmount,
    String credits,
    String creditAmount,
    String exactAmount) {
  /** The order of a line's rows, but for those that others correct. */
  static final Comparator<StoredRow> IN_LINE =
      Comparator.comparing(StoredRow::instance, RatedRow::compareAsText)
          .thenComparing(StoredRow::start)
          .thenComparing(StoredRow::end)
          .thenComparing(StoredRow::run, RatedRow::compareAsText);

  private static final String NO_CREDITS = "[]";

  /** A part of a statement as the given row of a line. */
  public static StoredRow of(int line, int number, Part part) {
    RatedRow row = part.row();
    return new StoredRow(
        line,
        number,
        row.scope().projectId().value(),
        row.instanceId().value(),
        row.instanceName(),
        row.shape().instanceType(),
        row.scope().costCenter(),
        row.runId().value(),
        row.start(),
        row.end(),
        row.isEndEstimated(),
        row.paddingMillis(),
        row.billedMillis(),
        row.shape().gpus(),
        row.shape().units(),
        part.category().name(),
        part.share().toString(),
        part.quantityHours().toString(),
        part.coveredBy(),
        part.priceVersion(),
        row.price().listedKrwPerHour(row.shape()).toString(),
        part.basePrice().toString(),
        part.unitPriceKrwPerHour().toString(),
        part.factors().stream()
            .map(f -> f.reason() + " x " + f.multiplier())
            .collect(Collectors.joining("; ")),
        part.amount().toString(),
        credits(part.burns()),
        part.creditAmount().toString(),
        part.netAmount().toString());
  }

  /** Ids and fractions need no escaping. */
  private static String credits(List<Burn> burns) {
    return burns.isEmpty()
        ? NO_CREDITS
        : burns.stream()
            .map(b -> "{\"id\": \"%s\", \"amount\": \"%s\"}".formatted(b.grantId(), b.amount()))
            .collect(Collectors.joining(", ", "[", "]"));
  }

  /** The same row of another line. */
  StoredRow as(int inLine, int asNumber) {
    return new StoredRow(
        inLine,
        asNumber,
        project,
        instance,
        instanceName,
        instanceType,
        costCenter,
        run,
        start,
        end,
        isEndEstimated,
        paddingMillis,
        billedMillis,
        gpus,
        units,
        category,
        share,
        quantity,
        coveredBy,
        priceVersion,
        listPrice,
        basePrice,
        unitPrice,
        factors,
        ratedAmount,
        credits,
        creditAmount,
        exactAmount);
  }

  /** Whether it takes back what another one charged. */
  public boolean takesBack() {
    return billedMillis < 0 || paddingMillis < 0;
  }

  /** The row that takes this one back, as the given row of a line. */
  public StoredRow takenBack(int inLine, int asNumber) {
    return new StoredRow(
        inLine,
        asNumber,
        project,
        instance,
        instanceName,
        instanceType,
        costCenter,
        run,
        start,
        end,
        isEndEstimated,
        -paddingMillis,
        -billedMillis,
        gpus,
        units,
        category,
        share,
        quantity == null ? null : turned(quantity),
        coveredBy,
        priceVersion,
        listPrice,
        basePrice,
        unitPrice,
        factors,
        turned(ratedAmount),
        NO_CREDITS,
        turned(creditAmount),
        turned(exactAmount));
  }

  private static String turned(String fraction) {
    return Rational.parse(fraction).negate().toString();
  }
}
