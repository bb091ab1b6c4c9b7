package dev.gpucloud.tenant.grants;

import dev.gpucloud.tenant.grants.engine.CallRules;
import java.time.Instant;

/**
 * What a call gives, to whom and until when; name and times may be edited until awards are
 * proposed.
 */
record GrantCallTerms(
    String slug,
    String name,
    Instant applyUntil,
    Instant windowStart,
    Instant windowEnd,
    int customerSharePct,
    int acceptDays,
    int minUsePct,
    int useWindowDays,
    int noticeDays,
    CallRules rules) {}
