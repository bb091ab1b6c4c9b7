package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.id.GrantCallId;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A call as everybody sees it. */
@Schema(name = "GrantCall")
record GrantCallView(
    GrantCallId id,
    String slug,
    String name,
    GrantCall.State state,
    Instant applyUntil,
    Instant windowStart,
    Instant windowEnd,
    int customerSharePct,
    Map<String, Integer> pools,
    Map<String, Integer> categoryGpus,
    boolean wholeHosts,
    int applicantCapPct,
    int regionalMinPct,
    int minReviews,
    int acceptDays,
    int minUsePct,
    int useWindowDays,
    int noticeDays,
    long version) {
  static GrantCallView of(GrantCall call) {
    GrantCallTerms terms = call.terms();
    return new GrantCallView(
        call.id(),
        terms.slug(),
        terms.name(),
        call.state(),
        terms.applyUntil(),
        terms.windowStart(),
        terms.windowEnd(),
        terms.customerSharePct(),
        terms.rules().poolGpus(),
        terms.rules().categoryGpus(),
        terms.rules().wholeHosts(),
        terms.rules().applicantCapPct(),
        terms.rules().regionalMinPct(),
        terms.rules().minReviews(),
        terms.acceptDays(),
        terms.minUsePct(),
        terms.useWindowDays(),
        terms.noticeDays(),
        call.version());
  }
}
