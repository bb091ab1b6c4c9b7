package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * An issued note against an invoice, on {@link Topics#INVOICES} under its own id. Amounts are whole
 * won, negative where it takes back.
 *
 * @param kind LATE_USAGE, SLA, SUPPLY_CHANGE, RESCINDED or DOUBLE_ISSUE
 * @param reason 1, 2, 4 or 6, as on tax documents
 * @param mode how the month was charged, such as {@code COST_SHARE}: a statement without VAT; null
 *     where an earlier version told of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record NoteFact(
    NoteId noteId,
    String noteNumber,
    InvoiceId correctsId,
    String correctsNumber,
    TenantId tenantId,
    String kind,
    int reason,
    LocalDate writeDate,
    long supplyKrw,
    long vatKrw,
    Instant at,
    @Nullable String mode) {}
