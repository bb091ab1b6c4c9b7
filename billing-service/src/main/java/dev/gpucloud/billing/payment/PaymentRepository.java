package dev.gpucloud.billing.payment;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.payment.engine.OpenInvoice;
import dev.gpucloud.billing.payment.engine.Receipt;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of payments, of what they pay, and of steps against open invoices. */
@ApplicationScoped
class PaymentRepository {
  private static final String OWED =
      """
      select cast(i.id as text), i.number, i.business_number, i.account_name,
        cast(extract(epoch from i.issued_at) * 1000 as bigint), i.due_krw,
        i.due_krw + n.noted_krw - coalesce((select sum(a.amount_krw) from payment_allocation a
                                where a.invoice_id = i.id), 0),
        i.mode, cast(i.tenant_id as text), n.noted_krw
      from invoice i cross join lateral (
        select cast(coalesce(sum(total_krw), 0) as bigint) as noted_krw from invoice_note
        where invoice_id = i.id and state = 'ISSUED') n
      where i.number is not null and i.mode <> 'SHOWBACK'
        and greatest(i.due_krw, i.due_krw + n.noted_krw) > 0\
      """;
  private static final String PAYMENT =
      """
      select cast(p.id as text), cast(p.received_on as text), p.amount_krw, p.payer, p.reference,
        p.source, p.match, p.recorded_by,
        cast(extract(epoch from p.recorded_at) * 1000 as bigint),
        coalesce((select sum(a.amount_krw) from payment_allocation a
                  where a.payment_id = p.id), 0) as used
      from payment p\
      """;
  private static final String ALLOCATION =
      """
      select cast(a.id as text), cast(a.payment_id as text), cast(a.invoice_id as text), i.number,
        a.amount_krw, a.rule, cast(a.takes_back as text), a.comment, a.by_name,
        cast(extract(epoch from a.at) * 1000 as bigint), cast(a.received_on as text)
      from payment_allocation a join invoice i on i.id = a.invoice_id\
      """;

  private final PaymentConfig config;

  PaymentRepository(PaymentConfig config) {
    this.config = config;
  }

  /**
   * An issued invoice and what is open of it.
   *
   * @param open as the engine takes it; its open amount may be 0, or less where a note took back
   *     what was paid
   * @param notedKrw what issued notes changed
   */
  record Owed(OpenInvoice open, long totalKrw, BillingMode mode, UUID tenant, long notedKrw) {}

  record Payment(
      UUID id,
      Receipt receipt,
      String source,
      String match,
      String recordedBy,
      Instant recordedAt,
      long usedKrw) {
    long openKrw() {
      return receipt.amountKrw() - usedKrw;
    }
  }

  record Allocation(
      UUID id,
      UUID payment,
      UUID invoice,
      String number,
      long amountKrw,
      String rule,
      @Nullable UUID takesBack,
      @Nullable String comment,
      String by,
      Instant at,
      LocalDate receivedOn) {}

  record Dunning(int number, String name, int daysLate, long openKrw, Instant at) {}

  /** Serialises everything about payments for the rest of the transaction. */
  Uni<Void> lock(Mutiny.Session s) {
    return Rows.select(s, "select cast(pg_advisory_xact_lock(7403) as text)").replaceWithVoid();
  }

  /** Every invoice of which something is open. */
  Uni<List<Owed>> open(Mutiny.Session s) {
    return Rows.select(s, OWED).map(this::open);
  }

  private List<Owed> open(List<Row> rows) {
    return rows.stream().map(this::owed).filter(o -> o.open().openKrw() > 0).toList();
  }

  /** An issued invoice that somebody owes, by its id. */
  Uni<Optional<Owed>> owed(Mutiny.Session s, UUID invoice) {
    return Rows.select(s, OWED + " and i.id = cast(?1 as uuid)", invoice.toString())
        .map(rows -> rows.stream().findFirst().map(this::owed));
  }

  /** The same by its number. */
  Uni<Optional<Owed>> owed(Mutiny.Session s, String number) {
    return Rows.select(s, OWED + " and i.number = ?1", number)
        .map(rows -> rows.stream().findFirst().map(this::owed));
  }

  private Owed owed(Row row) {
    var open =
        new OpenInvoice(
            row.uuid(0),
            row.text(1),
            row.text(2),
            row.text(3),
            config.dueOn(row.instant(4)),
            row.number(6));
    return new Owed(
        open, row.number(5), BillingMode.valueOf(row.text(7)), row.uuid(8), row.number(9));
  }

  /** False when a payment with this fingerprint is there already. */
  Uni<Boolean> insert(Mutiny.Session s, Payment payment, byte @Nullable [] fingerprint) {
    Receipt receipt = payment.receipt();
    return Sql.update(
            s,
            """
            insert into payment (id, received_on, amount_krw, payer, reference, source,
              fingerprint, match, recorded_by, recorded_at)
            values (cast(?1 as uuid), cast(cast(?2 as text) as date), ?3, ?4, ?5, ?6,
              decode(cast(?7 as text), 'hex'), ?8, ?9, ?10)
            on conflict (fingerprint) do nothing\
            """,
            payment.id().toString(),
            receipt.receivedOn().toString(),
            receipt.amountKrw(),
            receipt.payer(),
            receipt.reference(),
            payment.source(),
            fingerprint == null ? null : HexFormat.of().formatHex(fingerprint),
            payment.match(),
            payment.recordedBy(),
            Rows.param(payment.recordedAt()))
        .map(count -> count == 1);
  }

  Uni<Optional<Payment>> find(Mutiny.Session s, UUID id) {
    return Rows.select(s, PAYMENT + " where p.id = cast(?1 as uuid)", id.toString())
        .map(rows -> rows.stream().findFirst().map(PaymentRepository::payment));
  }

  /**
   * Newest first.
   *
   * @param openOnly only those of which something is for no invoice yet
   */
  Uni<List<Payment>> list(Mutiny.Session s, boolean openOnly, @Nullable UUID after, int limit) {
    return Rows.select(
            s,
            "select * from ("
                + PAYMENT
                + """
                ) q where (not cast(?1 as boolean) or q.used < q.amount_krw)
                and (cast(?2 as text) is null or q.id < ?2) order by q.id desc limit ?3\
                """,
            openOnly,
            after == null ? null : after.toString(),
            limit)
        .map(rows -> rows.stream().map(PaymentRepository::payment).toList());
  }

  private static Payment payment(Row row) {
    return new Payment(
        row.uuid(0),
        new Receipt(LocalDate.parse(row.text(1)), row.number(2), row.text(3), row.text(4)),
        row.text(5),
        row.text(6),
        row.text(7),
        row.instant(8),
        row.number(9));
  }

  Uni<Void> insert(Mutiny.Session s, UUID tenant, Allocation allocation, String subject) {
    return Sql.update(
            s,
            """
            insert into payment_allocation (tenant_id, id, payment_id, invoice_id, amount_krw, rule,
              takes_back, comment, by_subject, by_name, at, received_on)
            values (?1, ?2, ?3, ?4, ?5, ?6, cast(cast(?7 as text) as uuid), cast(?8 as text), ?9,
              ?10, ?11, cast(cast(?12 as text) as date))\
            """,
            tenant,
            allocation.id(),
            allocation.payment(),
            allocation.invoice(),
            allocation.amountKrw(),
            allocation.rule(),
            allocation.takesBack() == null ? null : allocation.takesBack().toString(),
            allocation.comment(),
            subject,
            allocation.by(),
            Rows.param(allocation.at()),
            allocation.receivedOn().toString())
        .replaceWithVoid();
  }

  Uni<List<Allocation>> ofPayment(Mutiny.Session s, UUID payment) {
    return allocations(s, " where a.payment_id = cast(?1 as uuid) order by a.id", payment);
  }

  Uni<List<Allocation>> ofInvoice(Mutiny.Session s, UUID invoice) {
    return allocations(s, " where a.invoice_id = cast(?1 as uuid) order by a.id", invoice);
  }

  Uni<Optional<Allocation>> allocation(Mutiny.Session s, UUID id) {
    return allocations(s, " where a.id = cast(?1 as uuid)", id)
        .map(all -> all.stream().findFirst());
  }

  private static Uni<List<Allocation>> allocations(Mutiny.Session s, String where, UUID id) {
    return Rows.select(s, ALLOCATION + where, id.toString())
        .map(rows -> rows.stream().map(PaymentRepository::allocation).toList());
  }

  private static Allocation allocation(Row row) {
    String takesBack = row.textOrNull(6);
    return new Allocation(
        row.uuid(0),
        row.uuid(1),
        row.uuid(2),
        row.text(3),
        row.number(4),
        row.text(5),
        takesBack == null ? null : UUID.fromString(takesBack),
        row.textOrNull(7),
        row.text(8),
        row.instant(9),
        LocalDate.parse(row.text(10)));
  }

  /** Steps taken against an invoice, in order. */
  Uni<List<Dunning>> dunning(Mutiny.Session s, UUID invoice) {
    return Rows.select(
            s,
            """
            select number, name, days_late, open_krw,
              cast(extract(epoch from at) * 1000 as bigint)
            from dunning_step where invoice_id = cast(?1 as uuid) order by number\
            """,
            invoice.toString())
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Dunning(
                                (int) row.number(0),
                                row.text(1),
                                (int) row.number(2),
                                row.number(3),
                                row.instant(4)))
                    .toList());
  }

  /** The number of the last step taken against each invoice that has one. */
  Uni<List<Row>> lastSteps(Mutiny.Session s) {
    return Rows.select(
        s, "select cast(invoice_id as text), max(number) from dunning_step group by invoice_id");
  }

  Uni<Void> insert(Mutiny.Session s, Owed owed, Dunning step) {
    return Sql.update(
            s,
            """
            insert into dunning_step (tenant_id, invoice_id, number, name, days_late, open_krw, at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7)\
            """,
            owed.tenant(),
            owed.open().id(),
            step.number(),
            step.name(),
            step.daysLate(),
            step.openKrw(),
            Rows.param(step.at()))
        .replaceWithVoid();
  }

  /** What came in and is for no invoice yet. */
  Uni<Long> unapplied(Mutiny.Session s) {
    return Rows.select(
            s,
            """
            select (select coalesce(sum(amount_krw), 0) from payment)
              - (select coalesce(sum(amount_krw), 0) from payment_allocation)\
            """)
        .map(rows -> rows.getFirst().number(0));
  }
}
