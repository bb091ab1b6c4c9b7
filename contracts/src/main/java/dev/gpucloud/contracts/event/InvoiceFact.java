package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * An issued invoice, on {@link Topics#INVOICES}. Amounts are whole won.
 *
 * @param month Seoul calendar month it is for, such as {@code 2026-11}
 * @param dueOn last day in Seoul to pay; null when nobody owes it
 * @param openKrw what is still to be paid
 * @param step name of the step that was taken because it is late; null otherwise
 * @param daysLate days after {@code dueOn}; null when it is not late
 * @param mode how the month was charged, such as {@code COST_SHARE}: a statement without VAT; null
 *     where an earlier version told of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record InvoiceFact(
    InvoiceId invoiceId,
    TenantId tenantId,
    String number,
    String month,
    long totalKrw,
    long openKrw,
    @Nullable LocalDate dueOn,
    @Nullable String step,
    @Nullable Integer daysLate,
    Instant at,
    @Nullable String mode) {}
