package dev.gpucloud.billing.payment.engine;

import java.time.LocalDate;
import java.util.UUID;

/**
 * An issued invoice of which something is still to be paid.
 *
 * @param number such as {@code 2026-11-000123}
 * @param businessNumber of who owes it, with or without hyphens
 * @param name of who owes it
 * @param dueOn last day to pay without being late
 * @param openKrw above 0
 */
public record OpenInvoice(
    UUID id, String number, String businessNumber, String name, LocalDate dueOn, long openKrw) {}
