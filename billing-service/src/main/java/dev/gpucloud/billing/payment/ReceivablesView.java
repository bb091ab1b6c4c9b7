package dev.gpucloud.billing.payment;

import dev.gpucloud.billing.payment.engine.Ageing;
import dev.gpucloud.billing.payment.engine.OpenInvoice;
import dev.gpucloud.contracts.money.Money;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What is open on a day, by who owes it and how late it is. */
@Schema(name = "Receivables")
record ReceivablesView(
    @Schema(description = "Day in Seoul that lateness is counted to.") LocalDate asOf,
    AgeingView total,
    @Schema(description = "Received, and for no invoice yet.") Money unapplied,
    @Schema(description = "Who owes, the most overdue first.") List<Debtor> items) {

  /** Open amounts by how many days they are late. */
  @Schema(name = "Ageing")
  record AgeingView(
      Money notDue,
      @Schema(description = "1 to 30 days late.") Money to30Days,
      Money to60Days,
      Money to90Days,
      Money over90Days,
      Money open) {
    static AgeingView of(Ageing a) {
      return new AgeingView(
          Money.krw(a.notDue()),
          Money.krw(a.to30()),
          Money.krw(a.to60()),
          Money.krw(a.to90()),
          Money.krw(a.over90()),
          Money.krw(a.total()));
    }
  }

  /** Who owes. */
  @Schema(name = "Debtor")
  record Debtor(
      @Schema(examples = "124-81-00998") String businessNumber,
      String name,
      int invoices,
      @Schema(description = "The oldest last day to pay.") LocalDate oldestDueOn,
      AgeingView ageing) {}

  private record Sorted(Debtor debtor, long overdue) {}

  static ReceivablesView of(List<OpenInvoice> open, LocalDate asOf, long unapplied) {
    Map<String, List<OpenInvoice>> byDebtor =
        open.stream().collect(Collectors.groupingBy(OpenInvoice::businessNumber));
    List<Debtor> debtors =
        byDebtor.values().stream()
            .map(owed -> debtor(owed, asOf))
            .sorted(
                Comparator.comparingLong(Sorted::overdue)
                    .reversed()
                    .thenComparing(sorted -> sorted.debtor().name()))
            .map(Sorted::debtor)
            .toList();
    return new ReceivablesView(
        asOf, AgeingView.of(Ageing.of(open, asOf)), Money.krw(unapplied), debtors);
  }

  private static Sorted debtor(List<OpenInvoice> owed, LocalDate asOf) {
    OpenInvoice oldest = owed.stream().min(Comparator.comparing(OpenInvoice::dueOn)).orElseThrow();
    Ageing ageing = Ageing.of(owed, asOf);
    return new Sorted(
        new Debtor(
            oldest.businessNumber(),
            oldest.name(),
            owed.size(),
            oldest.dueOn(),
            AgeingView.of(ageing)),
        ageing.overdue());
  }
}
