package dev.gpucloud.billing.booked;

import java.util.List;

/**
 * The books that an invoice rests on, all of which hold.
 *
 * @param silent runs in them that no agent ever reported
 */
public record InvoiceBooks(List<BookedDay> days, long silent) {}
