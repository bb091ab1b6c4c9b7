package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.id.GrantCallId;
import dev.gpucloud.contracts.problem.ProblemType;
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

  /**
   * Awards are given once everybody had the time to apply.
   *
   * @throws dev.gpucloud.contracts.problem.ProblemException STATE_CONFLICT while the period lasts
   */
  void requireApplicationsOver(Instant now) {
    if (now.isBefore(terms.applyUntil())) {
      throw ProblemType.STATE_CONFLICT
          .because(
              "The call takes applications until %s; do this after it%s."
                  .formatted(
                      terms.applyUntil(),
                      state == State.OPEN
                          ? ", or let the period end sooner with PATCH applyUntil of the call"
                          : ""))
          .with("applyUntil", terms.applyUntil())
          .with("state", state);
    }
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
