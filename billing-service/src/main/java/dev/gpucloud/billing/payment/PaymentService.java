package dev.gpucloud.billing.payment;

import dev.gpucloud.billing.ledger.LedgerRepository;
import dev.gpucloud.billing.ledger.engine.PaymentPostings;
import dev.gpucloud.billing.payment.PaymentRepository.Allocation;
import dev.gpucloud.billing.payment.PaymentRepository.Owed;
import dev.gpucloud.billing.payment.PaymentRepository.Payment;
import dev.gpucloud.billing.payment.engine.PaymentMatch;
import dev.gpucloud.billing.payment.engine.PaymentMatch.Matched;
import dev.gpucloud.billing.payment.engine.PaymentMatch.Part;
import dev.gpucloud.billing.payment.engine.PaymentMatcher;
import dev.gpucloud.billing.payment.engine.Receipt;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.PaymentAllocationId;
import dev.gpucloud.contracts.id.PaymentId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Records money that came in and gives it to invoices. Every step runs under one lock, posts to the
 * ledger in its own transaction, and takes nothing away: what was wrong is taken back by a row of
 * its own.
 */
@ApplicationScoped
class PaymentService {
  /** Transactions of the ledger that belong to no tenant yet. */
  private static final UUID NO_TENANT = new UUID(0, 0);

  private final PaymentRepository payments;
  private final LedgerRepository ledger;
  private final Audit audit;
  private final Caller caller;
  private final InstantSource clock;

  PaymentService(
      PaymentRepository payments,
      LedgerRepository ledger,
      Audit audit,
      Caller caller,
      @Business InstantSource clock) {
    this.payments = payments;
    this.ledger = ledger;
    this.audit = audit;
    this.caller = caller;
    this.clock = clock;
  }

  /** What an import came to. */
  record Imported(int known, List<UUID> recorded) {}

  /** Records one receipt and gives it to the invoices it is for. */
  Uni<UUID> record(Mutiny.Session s, Receipt receipt) {
    return payments
        .lock(s)
        .chain(() -> record(s, receipt, "MANUAL", null))
        .map(Optional::orElseThrow);
  }

  /** Records the lines that are not recorded yet, each in the light of those before it. */
  Uni<Imported> importAll(Mutiny.Session s, List<PaymentFile.Line> lines) {
    List<UUID> recorded = new ArrayList<>();
    Uni<Void> done = payments.lock(s);
    for (PaymentFile.Line line : lines) {
      done =
          done.chain(() -> record(s, line.receipt(), "IMPORT", line.fingerprint()))
              .invoke(made -> made.ifPresent(recorded::add))
              .replaceWithVoid();
    }
    return done.map(v -> new Imported(lines.size() - recorded.size(), List.copyOf(recorded)));
  }

  private Uni<Optional<UUID>> record(
      Mutiny.Session s, Receipt receipt, String source, byte @Nullable [] fingerprint) {
    UUID id = Ids.next();
    return payments
        .open(s)
        .chain(
            open -> {
              PaymentMatch match =
                  PaymentMatcher.match(receipt, open.stream().map(Owed::open).toList());
              var payment =
                  new Payment(
                      id, receipt, source, word(match), caller.username(), clock.instant(), 0);
              return payments
                  .insert(s, payment, fingerprint)
                  .chain(
                      isNew ->
                          isNew
                              ? post(s, payment)
                                  .chain(() -> give(s, payment, match, open))
                                  .replaceWith(Optional.of(id))
                              : Uni.createFrom().item(Optional.<UUID>empty()));
            });
  }

  private static String word(PaymentMatch match) {
    return switch (match) {
      case Matched matched -> matched.by().name();
      case PaymentMatch.Open open -> open.why().name();
    };
  }

  private Uni<Void> post(Mutiny.Session s, Payment payment) {
    var posting =
        PaymentPostings.ofReceipt(
            new PaymentId(payment.id()).toString(), new Won(payment.receipt().amountKrw()));
    return ledger.post(s, NO_TENANT, List.of(posting), poster(), payment.recordedAt());
  }

  private LedgerRepository.Poster poster() {
    return new LedgerRepository.Poster(caller.subject(), caller.username());
  }

  private Uni<Void> give(Mutiny.Session s, Payment payment, PaymentMatch match, List<Owed> open) {
    Uni<Void> done = Uni.createFrom().voidItem();
    if (match instanceof Matched matched) {
      for (Part part : matched.parts()) {
        Owed owed =
            open.stream().filter(o -> o.open().id().equals(part.invoice())).findAny().orElseThrow();
        done =
            done.chain(
                () ->
                    allocate(
                        s, owed, allocation(payment, owed, part.amountKrw(), word(match), null)));
      }
    }
    return done;
  }

  private Allocation allocation(
      Payment payment, Owed owed, long amount, String rule, @Nullable String comment) {
    return new Allocation(
        Ids.next(),
        payment.id(),
        owed.open().id(),
        owed.open().number(),
        amount,
        rule,
        null,
        comment,
        caller.username(),
        clock.instant(),
        payment.receipt().receivedOn());
  }

  private Uni<Void> allocate(Mutiny.Session s, Owed owed, Allocation allocation) {
    String id = new PaymentAllocationId(allocation.id()).toString();
    var posting = PaymentPostings.ofAllocation(id, owed.mode(), new Won(allocation.amountKrw()));
    return payments
        .insert(s, owed.tenant(), allocation, caller.subject())
        .chain(() -> ledger.post(s, owed.tenant(), List.of(posting), poster(), allocation.at()))
        .chain(
            () ->
                audit.changed(
                    s,
                    AuditChange.of("payment.allocate", "payment-allocation", id)
                        .at(new TenantId(owed.tenant()))
                        .to(AllocationView.of(allocation))));
  }

  /** Gives a part of a payment to an invoice that a person names. */
  Uni<UUID> allocate(Mutiny.Session s, UUID payment, Wish wish) {
    return payments
        .lock(s)
        .chain(() -> load(s, payment))
        .chain(
            found ->
                owed(s, wish.invoice())
                    .chain(
                        owed -> {
                          requireFits(found, owed, wish.amountKrw());
                          Allocation made =
                              allocation(found, owed, wish.amountKrw(), "MANUAL", wish.comment());
                          return allocate(s, owed, made).replaceWith(made.id());
                        }));
  }

  /** What a person decides about a payment; the invoice by id or number. */
  record Wish(String invoice, long amountKrw, @Nullable String comment) {}

  private static void requireFits(Payment payment, Owed owed, long amount) {
    ProblemException problem =
        ProblemType.UNPROCESSABLE
            .because("The amount is more than there is to give or to take.")
            .with("paymentOpenKrw", payment.openKrw())
            .with("invoiceOpenKrw", owed.open().openKrw());
    boolean tooMuch = false;
    if (amount > payment.openKrw()) {
      problem = problem.at("/amount", "the payment has %d won left".formatted(payment.openKrw()));
      tooMuch = true;
    }
    if (amount > owed.open().openKrw()) {
      problem =
          problem.at(
              "/amount",
              "of invoice %s %d won are open"
                  .formatted(owed.open().number(), owed.open().openKrw()));
      tooMuch = true;
    }
    if (tooMuch) {
      throw problem;
    }
  }

  /** Takes back what a payment paid of an invoice. */
  Uni<UUID> takeBack(Mutiny.Session s, UUID allocation, String comment) {
    return payments
        .lock(s)
        .chain(() -> payments.allocation(s, allocation))
        .map(
            found ->
                found
                    .filter(a -> a.takesBack() == null)
                    .orElseThrow(
                        () -> ProblemType.NOT_FOUND.because("There is no such allocation.")))
        .chain(
            found ->
                payments
                    .ofInvoice(s, found.invoice())
                    .invoke(all -> requireNotTakenBack(found, all))
                    .chain(() -> payments.owed(s, found.invoice()))
                    .map(Optional::orElseThrow)
                    .chain(
                        owed -> {
                          var back =
                              new Allocation(
                                  Ids.next(),
                                  found.payment(),
                                  found.invoice(),
                                  found.number(),
                                  -found.amountKrw(),
                                  "TAKEN_BACK",
                                  found.id(),
                                  comment,
                                  caller.username(),
                                  clock.instant(),
                                  found.receivedOn());
                          return allocate(s, owed, back).replaceWith(back.id());
                        }));
  }

  private static void requireNotTakenBack(Allocation allocation, List<Allocation> all) {
    if (all.stream().anyMatch(a -> allocation.id().equals(a.takesBack()))) {
      throw ProblemType.STATE_CONFLICT.because("The allocation was taken back already.");
    }
  }

  private Uni<Owed> owed(Mutiny.Session s, String invoice) {
    return (invoice.startsWith("inv_") ? payments.owed(s, id(invoice)) : payments.owed(s, invoice))
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        ProblemType.UNKNOWN_REFERENCE
                            .because("No issued invoice that somebody owes has this number.")
                            .at("/invoice", "is unknown")));
  }

  private static UUID id(String invoice) {
    try {
      return InvoiceId.parse(invoice).value();
    } catch (IllegalArgumentException e) {
      return NO_TENANT; // names no invoice
    }
  }

  Uni<Payment> load(Mutiny.Session s, UUID id) {
    return payments.find(s, id).map(found -> found.orElseThrow(PaymentProblems::noPayment));
  }
}
