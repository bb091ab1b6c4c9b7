package dev.gpucloud.billing.closerun;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.billing.close.engine.AccountStanding;
import dev.gpucloud.billing.close.engine.MonthProgress;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How far a month's close has come. */
@Schema(name = "MonthClose")
@JsonInclude(JsonInclude.Include.NON_NULL)
record MonthCloseView(
    BillingMonth month,
    @Schema(description = "OPEN or CLOSED.") String state,
    @Nullable String closedBy,
    @Nullable Instant closedAt,
    long accounts,
    @Schema(description = "Accounts that are ISSUED or have NOTHING_TO_BILL.") long done,
    @Schema(description = "Whole per cent; 100 only when every account is done.") int percent,
    Map<String, Long> standings,
    @Schema(description = "The newest walk over the accounts.") @Nullable WalkView operation) {

  /** A walk over the accounts; its progress is how many of them it came to. */
  @Schema(name = "CloseOperation")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record WalkView(
      OperationId id,
      String state,
      long walked,
      long accounts,
      String startedBy,
      Instant startedAt,
      @Nullable Instant doneAt) {}

  private static Map<String, Long> standings(MonthProgress progress) {
    var all = new LinkedHashMap<String, Long>();
    for (AccountStanding standing : AccountStanding.values()) {
      all.put(standing.name(), progress.accounts().get(standing));
    }
    return all;
  }

  static MonthCloseView of(
      BillingMonth month,
      CloseRunRepository.@Nullable Closed closed,
      MonthProgress progress,
      @Nullable WalkView walk) {
    return new MonthCloseView(
        month,
        closed == null ? "OPEN" : "CLOSED",
        closed == null ? null : closed.by(),
        closed == null ? null : closed.at(),
        progress.total(),
        progress.done(),
        progress.percent(),
        standings(progress),
        walk);
  }
}
