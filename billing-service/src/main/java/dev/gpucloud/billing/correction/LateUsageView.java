package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.correction.LateUsage.Found;
import dev.gpucloud.billing.correction.LateUsageRepository.Stored;
import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Money;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What arrived late for a closed month and stands on no issued invoice or note yet. */
@Schema(name = "LateUsage")
record LateUsageView(
    TenantId tenant,
    String account,
    String accountName,
    InvoiceId invoice,
    @Schema(examples = "2026-11-000001") String invoiceNumber,
    @Schema(examples = "2026-11") String month,
    @Schema(
            description =
                "How it will be charged, by the account's policy and whether both months are owed.")
        Correction.Outcome outcome,
    Money chargedSupplyValue,
    Money rightSupplyValue,
    Money change,
    @Schema(description = "When the last of it arrived.") Instant arrivedAt,
    int ageDays,
    @Schema(description = "The invoice in preparation that settles it.")
        @Nullable InvoiceId settlingInvoice,
    @Schema(description = "The note in review that settles it.") @Nullable NoteId settlingNote) {

  static LateUsageView of(Account account, Found f) {
    ClosedInvoice closed = f.month().closed();
    Stored pending = f.month().pending(null).orElse(null);
    UUID invoice = pending == null ? null : pending.invoice();
    UUID note = pending == null ? null : pending.note();
    Correction c = f.correction();
    return new LateUsageView(
        new TenantId(closed.tenant()),
        account.id().toString(),
        account.name(),
        new InvoiceId(closed.id()),
        closed.number(),
        closed.month().toString(),
        c.outcome(),
        c.supplyBefore().toMoney(),
        c.supplyNow().toMoney(),
        c.supplyChange().toMoney(),
        closed.lastArrival(),
        closed.daysSince(),
        invoice == null ? null : new InvoiceId(invoice),
        note == null ? null : new NoteId(note));
  }
}
