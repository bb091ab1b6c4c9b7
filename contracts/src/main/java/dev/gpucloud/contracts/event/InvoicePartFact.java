package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's part of an issued invoice that is another tenant's document, on {@link
 * Topics#INVOICES} under both ids. The total is the part's alone, in whole won with VAT; the one
 * whom the invoice was issued to pays all of it.
 *
 * @param tenantId whose part it is
 * @param month Seoul calendar month it is for, such as {@code 2026-11}
 * @param mode how the month was charged, such as {@code COST_SHARE}: a statement without VAT; null
 *     where an earlier version told of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record InvoicePartFact(
    InvoiceId invoiceId,
    TenantId tenantId,
    String number,
    String month,
    long totalKrw,
    Instant at,
    @Nullable String mode) {}
