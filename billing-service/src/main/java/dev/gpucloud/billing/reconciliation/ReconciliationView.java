package dev.gpucloud.billing.reconciliation;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.billing.reconciliation.Reconciliations.Month;
import dev.gpucloud.billing.reconciliation.engine.Difference;
import dev.gpucloud.billing.reconciliation.engine.RunAccount;
import dev.gpucloud.billing.reconciliation.engine.Window;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.money.Money;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An account's month by who counts it, day by day. */
@Schema(name = "Reconciliation")
record ReconciliationView(
    String accountId,
    BillingMonth month,
    @Schema(description = "True when nobody disagrees.") boolean agreed,
    List<DayView> days,
    List<DifferenceView> differences,
    LedgerView ledger) {

  /**
   * Seconds of instances on a day in Seoul, as decimals: inventory = provisioning + running +
   * releasing, metered = running, and metered = billed + writtenOff + takenBack, with padding
   * apart.
   */
  @Schema(name = "ReconciliationSeconds")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SecondsView(
      String inventory,
      String running,
      UnbilledView unbilled,
      String metered,
      @Schema(description = "Missing while the month has no invoice.") @Nullable String billed,
      @Schema(description = "Rounding up and the minimum of a run.") String padding,
      @Schema(description = "Of runs that agents reported.") String agents) {
    static SecondsView of(List<RunAccount> runs) {
      boolean isBilled = runs.stream().anyMatch(r -> r.billedMillis() != null);
      return new SecondsView(
          sum(runs, RunAccount::inventoryMillis),
          sum(runs, RunAccount::runningMillis),
          new UnbilledView(
              sum(runs, RunAccount::provisioningMillis),
              sum(runs, RunAccount::releasingMillis),
              sum(runs, RunAccount::writtenOffMillis),
              sum(runs, RunAccount::takenBackMillis)),
          sum(runs, RunAccount::meteredMillis),
          isBilled ? sum(runs, r -> Objects.requireNonNullElse(r.billedMillis(), 0L)) : null,
          sum(runs, RunAccount::paddingMillis),
          sum(runs, r -> Objects.requireNonNullElse(r.agentMillis(), 0L)));
    }

    private static String sum(List<RunAccount> runs, ToLongFunction<RunAccount> millis) {
      return Seconds.of(runs.stream().mapToLong(millis).sum());
    }
  }

  /** What is not billed, by reason. */
  @Schema(name = "ReconciliationUnbilled")
  record UnbilledView(
      String provisioning,
      String releasing,
      @Schema(
              description =
                  "Metered late and written off; negative for what stays billed though it did not run.")
          String writtenOff,
      @Schema(description = "Metered, of an invoice that a note took back as a whole.")
          String takenBack) {}

  /** A day in Seoul. */
  @Schema(name = "ReconciliationDay")
  record DayView(LocalDate day, int runs, SecondsView seconds) {}

  /** Two parties that disagree about a run. */
  @Schema(name = "ReconciliationDifference")
  record DifferenceView(String kind, RunId runId, InstanceId instanceId, String seconds) {
    static DifferenceView of(Difference d) {
      return new DifferenceView(d.kind().name(), d.run(), d.instance(), Seconds.of(d.millis()));
    }
  }

  /** The ledger's part: both are zero. */
  @Schema(name = "ReconciliationLedger")
  record LedgerView(Money trialBalance, Money unbilled) {}

  /** A run on a day. */
  @Schema(name = "ReconciliationRun")
  record RunView(RunId runId, InstanceId instanceId, String instanceName, SecondsView seconds) {
    static RunView of(RunAccount r) {
      return new RunView(r.run(), r.instance(), r.instanceName(), SecondsView.of(List.of(r)));
    }
  }

  static ReconciliationView of(String account, Month m) {
    var days = new ArrayList<DayView>();
    LocalDate first = m.month().month().atDay(1);
    for (LocalDate day = first; BillingMonth.of(start(day)).equals(m.month()); ) {
      List<RunAccount> runs = runs(m, day);
      if (!runs.isEmpty()) {
        days.add(new DayView(day, runs.size(), SecondsView.of(runs)));
      }
      day = day.plusDays(1);
    }
    return new ReconciliationView(
        account,
        m.month(),
        m.differences().isEmpty() && m.books().balance(),
        days,
        m.differences().stream().map(DifferenceView::of).toList(),
        new LedgerView(Money.krw(m.books().trialKrw()), Money.krw(m.books().unbilledKrw())));
  }

  /** The runs of a day in Seoul that anybody counts. */
  static List<RunAccount> runs(Month m, LocalDate day) {
    var window = new Window(start(day), start(day.plusDays(1)));
    return m.runs().stream()
        .map(w -> m.engine().count(w, window))
        .filter(r -> !r.isEmpty())
        .toList();
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(BillingMonth.ZONE).toInstant();
  }
}
