package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.id.GrantCallId;
import dev.gpucloud.tenant.grants.engine.CallRules;
import dev.gpucloud.tenant.grants.engine.UseItOrLoseIt;
import java.time.Duration;
import java.time.Instant;

/** A call as it stands in the database. */
record GrantCall(
    GrantCallId id, State state, GrantCallTerms terms, long version, Instant createdAt) {
  /** OPEN takes applications; then awards are PROPOSED, and CONFIRMED by a person. */
  enum State {
    OPEN,
    PROPOSED,
    CONFIRMED
  }

  CallRules rules() {
    return terms.rules();
  }

  Instant acceptBy(Instant offeredAt) {
    return offeredAt.plus(Duration.ofDays(terms.acceptDays()));
  }

  UseItOrLoseIt use() {
    return new UseItOrLoseIt(
        terms.minUsePct(),
        Duration.ofDays(terms.useWindowDays()),
        Duration.ofDays(terms.noticeDays()));
  }
}
