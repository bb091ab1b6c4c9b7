package dev.gpucloud.billing.close;

import dev.gpucloud.billing.close.engine.WaiverState;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.contracts.id.CloseWaiverId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A waiver as it is stored and shown: who let which finding pass, and why. */
@Schema(name = "CloseWaiver")
record Waiver(
    CloseWaiverId id,
    TenantId tenant,
    UUID accountId,
    String month,
    String code,
    String subject,
    String detail,
    String reason,
    String state,
    String proposedBy,
    Instant proposedAt,
    @Nullable String decidedBy,
    @Nullable Instant decidedAt,
    long version) {

  static final String COLUMNS =
      """
      cast(id as text), cast(tenant_id as text), cast(account_id as text), month, code, subject,
      detail, reason, state, proposed_name, millis(proposed_at), decided_name, millis(decided_at),
      version, proposed_by\s""";

  static Waiver of(Row r) {
    return new Waiver(
        new CloseWaiverId(r.uuid(0)),
        new TenantId(r.uuid(1)),
        r.uuid(2),
        r.text(3),
        r.text(4),
        r.text(5),
        r.text(6),
        r.text(7),
        r.text(8),
        r.text(9),
        r.instant(10),
        r.textOrNull(11),
        r.instantOrNull(12),
        r.number(13));
  }

  /** A waiver with the subject of who proposed it, which is not shown. */
  record Stored(Waiver waiver, String proposer) {
    static Stored of(Row r) {
      return new Stored(Waiver.of(r), r.text(14));
    }

    /** The state if it can still be decided, else null. */
    WaiverState.@Nullable Proposed proposed() {
      return waiver.state().equals("PROPOSED") ? new WaiverState.Proposed(proposer) : null;
    }
  }
}
