package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;

/** A month that an account's invoice was issued for, and when: what arrived later is late. */
public record ClosedMonth(BillingMonth month, Instant closedAt) {}
