package dev.gpucloud.billing.payment;

import dev.gpucloud.billing.payment.PaymentRepository.Dunning;
import dev.gpucloud.billing.payment.PaymentRepository.Owed;
import dev.gpucloud.billing.payment.engine.DunningPolicy;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/** Takes the steps that are due against invoices that stay open; each is taken once. */
@ApplicationScoped
class DunningKeeper {
  private static final Logger LOG = Logger.getLogger(DunningKeeper.class);

  private final Transactions transactions;
  private final PaymentRepository payments;
  private final InvoiceEvents events;
  private final Audit audit;
  private final DunningPolicy policy;
  private final InstantSource clock;

  DunningKeeper(
      Transactions transactions,
      PaymentRepository payments,
      InvoiceEvents events,
      Audit audit,
      PaymentConfig config,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.payments = payments;
    this.events = events;
    this.audit = audit;
    this.policy = config.policy();
    this.clock = clock;
  }

  @Scheduled(
      every = "${gpucloud.payments.dunning-check}",
      delayed = "5s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return transactions
        .asPlatform(this::look)
        .onFailure()
        .invoke(f -> LOG.warnf("open invoices are not looked at: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> look(Mutiny.Session s) {
    return payments
        .lock(s)
        .chain(() -> payments.lastSteps(s))
        .map(DunningKeeper::byInvoice)
        .chain(taken -> payments.open(s).chain(open -> take(s, open, taken)));
  }

  private static Map<UUID, Integer> byInvoice(List<Row> rows) {
    return rows.stream().collect(Collectors.toMap(row -> row.uuid(0), row -> (int) row.number(1)));
  }

  private Uni<Void> take(Mutiny.Session s, List<Owed> open, Map<UUID, Integer> taken) {
    Instant now = clock.instant();
    LocalDate today = LocalDate.ofInstant(now, BillingMonth.ZONE);
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Owed owed : open) {
      var due = policy.due(owed.open().dueOn(), today, taken.getOrDefault(owed.open().id(), 0));
      if (due.isPresent()) {
        var reached = due.get();
        var step =
            new Dunning(
                reached.number(),
                reached.step().name(),
                (int) reached.daysLate(),
                owed.open().openKrw(),
                now);
        done = done.chain(() -> take(s, owed, step));
      }
    }
    return done;
  }

  private Uni<Void> take(Mutiny.Session s, Owed owed, Dunning step) {
    LOG.infof("invoice %s is %d days late: %s", owed.open().number(), step.daysLate(), step.name());
    return payments
        .insert(s, owed, step)
        .chain(() -> events.overdue(s, owed, step))
        .chain(
            () ->
                audit.changed(
                    s,
                    AuditOrigin.system("billing-service"),
                    AuditChange.of(
                            "invoice.dun", "invoice", new InvoiceId(owed.open().id()).toString())
                        .at(new TenantId(owed.tenant()))
                        .to(InvoicePaymentsView.DunningView.of(step))));
  }
}
