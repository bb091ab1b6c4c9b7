package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.UUID;

/**
 * An issued invoice that something arrived late for. {@code supply} and {@code vat} are those of
 * the document; {@code lastArrival} is when the last event arrived that may change it, {@code
 * daysSince} how many days ago.
 */
record ClosedInvoice(
    UUID id,
    UUID tenant,
    UUID account,
    String number,
    BillingMonth month,
    BillingMode mode,
    Won supply,
    Won vat,
    Instant issuedAt,
    Instant lastArrival,
    int daysSince) {}
