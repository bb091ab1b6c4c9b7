package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.invoice.InvoiceRepository.By;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What is kept of who did what to an invoice: its history, the audit log, and counts. */
@ApplicationScoped
class InvoiceTrail {
  private final InvoiceRepository invoices;
  private final Audit audit;
  private final Outbox outbox;
  private final InstantSource clock;
  private final MeterRegistry meters;

  InvoiceTrail(
      InvoiceRepository invoices,
      Audit audit,
      Outbox outbox,
      @Business InstantSource clock,
      MeterRegistry meters) {
    this.invoices = invoices;
    this.audit = audit;
    this.outbox = outbox;
    this.clock = clock;
    this.meters = meters;
  }

  /** Tells the audit log of one change, made by whom {@code origin} says. */
  Uni<Void> tell(
      Mutiny.Session s,
      AuditOrigin origin,
      String action,
      @Nullable Map<String, Object> before,
      InvoiceEntity e) {
    return s.flush().chain(() -> audit.changed(s, origin, change(action, before, e)));
  }

  private static AuditChange change(
      String action, @Nullable Map<String, Object> before, InvoiceEntity e) {
    return AuditChange.of(action, "invoice", new InvoiceId(e.id).toString())
        .at(new TenantId(e.tenantId))
        .from(before)
        .to(facts(e));
  }

  static Map<String, Object> facts(InvoiceEntity e) {
    return Map.of(
        "month", e.month,
        "state", e.state,
        "supplyKrw", Long.toString(e.supplyKrw),
        "vatKrw", Long.toString(e.vatKrw),
        "version", e.version);
  }

  /** Tells the audit log of drafts that were made. */
  Uni<Void> tell(Mutiny.Session s, AuditOrigin origin, List<InvoiceEntity> created) {
    return created.isEmpty()
        ? Uni.createFrom().voidItem()
        : outbox.append(
            s,
            created.stream()
                .map(e -> audit.entry(origin, change("invoice.create", null, e)))
                .toArray(OutboxEvent[]::new));
  }

  /** Changes invoices in the store, and writes history and audit log of each. */
  Uni<Void> moved(
      Mutiny.Session s,
      List<InvoiceEntity> all,
      Supplier<Uni<Void>> change,
      String action,
      By by,
      @Nullable String comment) {
    List<Map<String, Object>> before = all.stream().map(InvoiceTrail::facts).toList();
    String name = action.toLowerCase(Locale.ROOT);
    return change
        .get()
        .chain(() -> invoices.addHistory(s, all, action, by, clock.instant(), comment))
        .chain(
            () ->
                audit.changed(
                    s,
                    IntStream.range(0, all.size())
                        .mapToObj(i -> change("invoice." + name, before.get(i), all.get(i)))
                        .toList()))
        .invoke(() -> all.forEach(e -> count(name)));
  }

  void count(String action) {
    meters.counter("gpucloud.billing.invoices", "action", action).increment();
  }
}
