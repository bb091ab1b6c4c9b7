package dev.gpucloud.billing.closerun;

import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A walk over all accounts of a month, begun by a person. */
record CloseRun(
    OperationId id,
    BillingMonth month,
    String state,
    String startedBy,
    String startedName,
    Instant startedAt,
    @Nullable Instant doneAt) {
  static final String COLUMNS =
      """
      cast(id as text), month, state, started_by, started_name, millis(started_at),
      millis(done_at)\s""";

  static CloseRun of(Row r) {
    return new CloseRun(
        new OperationId(r.uuid(0)),
        BillingMonth.parse(r.text(1)),
        r.text(2),
        r.text(3),
        r.text(4),
        r.instant(5),
        r.instantOrNull(6));
  }

  boolean isRunning() {
    return state.equals("RUNNING");
  }
}
