package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.event.GrantFact;
import dev.gpucloud.contracts.id.GrantAwardId;
import dev.gpucloud.contracts.id.GrantCallId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An award as it stands in the database. */
record GrantAward(
    UUID id,
    UUID call,
    UUID application,
    @Nullable UUID tenant,
    String model,
    int gpus,
    State state,
    @Nullable Instant acceptBy,
    int raisedGpus,
    @Nullable Instant measuredFrom,
    @Nullable Instant noticedAt,
    @Nullable Integer usedPct,
    String explanation,
    @Nullable EndReason endReason,
    long version) {
  /** Why it ended before its time, where its state does not say it. */
  enum EndReason {
    /** Its tenant is closed, or is being closed and holds nothing any more. */
    TENANT_CLOSED
  }

  /** PROPOSED until confirmed, then OFFERED to its tenant. */
  enum State {
    PROPOSED,
    OFFERED,
    ACCEPTED,
    /** The tenant's limit is raised. */
    ACTIVE,
    /** ACTIVE, and told that it uses too little. */
    NOTICED,
    ENDED,
    DECLINED,
    LAPSED,
    CLAWED_BACK;

    /** Whether it takes GPUs from the pool. */
    boolean stands() {
      return compareTo(ENDED) < 0;
    }
  }

  /** In SQL: those that take GPUs from the pool. */
  static final String STANDING =
      "state in ('PROPOSED', 'OFFERED', 'ACCEPTED', 'ACTIVE', 'NOTICED')";

  /** In this order. */
  static final String COLUMNS =
      """
      w.id, w.call_id, w.application_id, w.tenant_id, w.model, w.gpus, w.state, w.accept_by,
      w.raised_gpus, w.measured_from, w.noticed_at, w.used_pct, w.explanation, w.end_reason,
      w.version\s""";

  static GrantAward of(Object[] row) {
    Columns c = new Columns(row);
    return new GrantAward(
        c.uuid(),
        c.uuid(),
        c.uuid(),
        c.uuidOrNull(),
        c.text(),
        c.integer(),
        State.valueOf(c.text()),
        c.instantOrNull(),
        c.integer(),
        c.instantOrNull(),
        c.instantOrNull(),
        c.integerOrNull(),
        c.text(),
        reason(c.textOrNull()),
        c.number());
  }

  private static @Nullable EndReason reason(@Nullable String word) {
    return word == null ? null : EndReason.valueOf(word);
  }

  GrantAward enter(State next) {
    return new GrantAward(
        id,
        call,
        application,
        tenant,
        model,
        gpus,
        next,
        acceptBy,
        raisedGpus,
        measuredFrom,
        noticedAt,
        usedPct,
        explanation,
        endReason,
        version + 1);
  }

  /** With the tenant's limit raised by so many GPUs; use is measured from then. */
  GrantAward raised(int byGpus, Instant from) {
    return new GrantAward(
        id,
        call,
        application,
        tenant,
        model,
        gpus,
        State.ACTIVE,
        acceptBy,
        byGpus,
        from,
        null,
        usedPct,
        explanation,
        endReason,
        version + 1);
  }

  /** Ended, with the tenant's limit no longer raised. */
  GrantAward over(State end, @Nullable EndReason why) {
    return new GrantAward(
        id,
        call,
        application,
        tenant,
        model,
        gpus,
        end,
        acceptBy,
        0,
        measuredFrom,
        noticedAt,
        usedPct,
        explanation,
        why,
        version + 1);
  }

  /** After its use was measured; {@code noticed} null is no notice, or none any more. */
  GrantAward measured(State next, int pct, Instant from, @Nullable Instant noticed) {
    return new GrantAward(
        id,
        call,
        application,
        tenant,
        model,
        gpus,
        next,
        acceptBy,
        raisedGpus,
        from,
        noticed,
        pct,
        explanation,
        endReason,
        version + 1);
  }

  TenantId tenantId() {
    return new TenantId(Objects.requireNonNull(tenant));
  }

  GrantFact fact(GrantCall of) {
    return new GrantFact(
        new GrantAwardId(id),
        new GrantCallId(call),
        of.terms().slug(),
        tenantId(),
        model,
        gpus,
        of.terms().customerSharePct(),
        of.terms().windowStart(),
        of.terms().windowEnd(),
        state.name(),
        usedPct,
        noticedAt,
        endReason == null ? null : endReason.name());
  }
}
