package dev.gpucloud.billing.download;

import dev.gpucloud.billing.document.invoice.Commitment;
import dev.gpucloud.billing.document.invoice.ExactRow;
import dev.gpucloud.billing.document.invoice.InvoiceLine;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.invoice.Party;
import dev.gpucloud.billing.document.invoice.PrepaidPayment;
import dev.gpucloud.billing.document.invoice.Project;
import dev.gpucloud.billing.document.invoice.PromotionalCredit;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.part.InvoicePart;
import dev.gpucloud.billing.payment.PaymentConfig;
import dev.gpucloud.billing.ratedrow.StoredRow;
import dev.gpucloud.billing.ratedrow.StoredRows;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads issued invoices back as they were stored: no amount is computed again. */
@ApplicationScoped
public class IssuedInvoices {
  private static final long HOUR_MILLIS = 3_600_000;
  private static final String HEAD =
      """
      select cast(i.id as text), i.number, i.month, millis(i.issued_at),
             cast(i.write_date as text), i.mode, i.supplier_name, i.supplier_number, o.ceo,
             o.address, o.business_type, o.business_item, cast(i.account_id as text),
             i.account_name, i.business_number, i.supply_krw, i.vat_krw, i.total_krw, i.state,
             case when i.includes_vat then 1 else 0 end, cast(i.tenant_id as text)
      from invoice i
      left join lateral (
        select ceo, address, business_type, business_item from operator_version
        where business_number = i.supplier_number order by version desc limit 1) o on true
      """;

  private final PaymentConfig terms;

  IssuedInvoices(PaymentConfig terms) {
    this.terms = terms;
  }

  /**
   * An issued invoice by number or id, of one tenant or of whichever. Whoever does not see it is
   * told that there is none, and whoever sees it before its issue, in which state it is.
   */
  public Uni<IssuedInvoice> load(Mutiny.Session s, String invoice, @Nullable UUID tenant) {
    return issued(s, invoice, tenant)
        .invoke(
            row -> {
              if (part(row, tenant) != null) {
                throw InvoicePart.hasNone("its documents");
              }
            })
        .chain(row -> below(s, row, null));
  }

  /** The same, or a tenant's part of one that was issued to another of its business number. */
  public Uni<IssuedInvoice> loadPart(Mutiny.Session s, String invoice, @Nullable UUID tenant) {
    return issued(s, invoice, tenant).chain(row -> below(s, row, part(row, tenant)));
  }

  private static @Nullable UUID part(Row head, @Nullable UUID tenant) {
    return head.uuid(20).equals(tenant) ? null : tenant;
  }

  private static Uni<Row> issued(Mutiny.Session s, String invoice, @Nullable UUID tenant) {
    return head(s, invoice, tenant)
        .map(found -> found.stream().findFirst().orElseThrow(IssuedInvoices::notFound))
        .invoke(
            row -> {
              if (!row.text(18).equals("ISSUED")) {
                throw tenant == null ? notIssued(row.text(18)) : notFound();
              }
            });
  }

  /** The same, or an issued note by its number. */
  Uni<IssuedInvoice> loadWithNotes(Mutiny.Session s, String name, @Nullable UUID tenant) {
    return IssuedNotes.isNumber(name) ? IssuedNotes.load(s, name, tenant) : load(s, name, tenant);
  }

  /** As {@link #loadPart}, or an issued note by its number. */
  Uni<IssuedInvoice> loadPartWithNotes(Mutiny.Session s, String name, @Nullable UUID tenant) {
    return IssuedNotes.isNumber(name)
        ? IssuedNotes.loadPart(s, name, tenant)
        : loadPart(s, name, tenant);
  }

  private static Uni<List<Row>> head(Mutiny.Session s, String invoice, @Nullable UUID tenant) {
    boolean isNumber = invoice.matches("[0-9]{4}-[0-9]{2}-[0-9]{6}");
    Object key = isNumber ? invoice : id(invoice);
    String where = isNumber ? "where i.number = ?1" : "where i.id = ?1";
    return tenant == null
        ? Rows.select(s, HEAD + where, key)
        : Rows.select(
            s,
            HEAD
                + where
                + " and (i.tenant_id = ?2 or ?2 = any (i.tenants) and "
                + InvoicePart.IS_THERE
                + ")",
            key,
            tenant);
  }

  private static UUID id(String text) {
    try {
      return InvoiceId.parse(text).value();
    } catch (IllegalArgumentException e) {
      throw notFound();
    }
  }

  private static ProblemException notFound() {
    return ProblemType.NOT_FOUND.because("There is no such invoice.");
  }

  private static ProblemException notIssued(String state) {
    return ProblemType.STATE_CONFLICT
        .because("An invoice has documents once it is issued; this one is " + state + ".")
        .with("state", state);
  }

  private Uni<IssuedInvoice> below(Mutiny.Session s, Row head, @Nullable UUID part) {
    UUID id = head.uuid(0);
    return lines(s, id, part)
        .chain(
            lines ->
                StoredRows.of(s, id)
                    .chain(
                        rows ->
                            credits(s, id, part)
                                .chain(
                                    credits ->
                                        payments(s, id, part)
                                            .map(
                                                payments ->
                                                    of(
                                                        head,
                                                        lines,
                                                        rows,
                                                        credits,
                                                        payments,
                                                        part != null)))));
  }

  /** Projects of one name belong to several tenants of a shared invoice: these name theirs. */
  private static Uni<List<Row>> lines(Mutiny.Session s, UUID invoice, @Nullable UUID part) {
    return Rows.select(
        s,
        """
        select line_number, cast(project_id as text),
               case when cast(?2 as text) is null and exists (
                      select from invoice_line o
                      where o.invoice_id = l.invoice_id and o.project_slug = l.project_slug
                        and o.project_id <> l.project_id)
                    then coalesce(
                      (select t.slug || '.' from project_ref p join tenant_ref t using (tenant_id)
                       where p.project_id = l.project_id), '') || project_slug
                    else project_slug end,
               sku, description,
               price_version, tax_type, category, original_month, unit, quantity, exact_amount,
               rounding_amount, amount_krw, vat_krw, coalesce(supply_krw, amount_krw),
               (select o.number || '/' || c.line_number || '/1'
                from invoice i
                  join invoice o on o.account_id = i.account_id and o.month = l.original_month
                  join invoice_line c on c.invoice_id = o.id
                where l.category = 'CORRECTION' and i.id = l.invoice_id and o.state = 'ISSUED'
                  and c.original_month = o.month and c.sku = l.sku
                  and c.price_version = l.price_version
                  and c.project_id is not distinct from l.project_id
                order by c.line_number limit 1),
               millis(a.from_at), millis(a.until_at)
        from invoice_line l
          left join lateral (
            select g.from_at, g.until_at
            from invoice i join agreement g on g.account_id = i.account_id
            where i.id = l.invoice_id and g.reference = l.price_version
              and l.category in ('COMMITMENT_FEE', 'UNUSED', 'TRUE_UP')
            order by g.version desc limit 1) a on true
        where invoice_id = ?1 and %s order by line_number\
        """
            .formatted(InvoicePart.OWN_LINES),
        invoice,
        part == null ? null : part.toString());
  }

  private static Uni<List<Row>> credits(Mutiny.Session s, UUID invoice, @Nullable UUID part) {
    return Rows.select(
        s,
        """
        select cast(b.grant_id as text), g.name, b.amount
        from credit_burn b join credit_grant g on g.id = b.grant_id
        where b.invoice_id = ?1
          and (cast(?2 as text) is null or g.tenant_id = cast(cast(?2 as text) as uuid))
        order by g.name, b.grant_id\
        """,
        invoice,
        part == null ? null : part.toString());
  }

  /** Prepaid credit pays the whole document; it is called by its day and its note, or its id. */
  private static Uni<List<Row>> payments(Mutiny.Session s, UUID invoice, @Nullable UUID part) {
    if (part != null) {
      return Uni.createFrom().item(List.of());
    }
    return Rows.select(
        s,
        """
        select cast(p.prepaid_id as text),
               cast(cast(q.paid_at at time zone 'Asia/Seoul' as date) as text) || ', '
                 || coalesce(nullif(trim(q.note), ''), right(cast(p.prepaid_id as text), 8)),
               p.paid_krw
        from prepaid_payment p join prepaid q on q.id = p.prepaid_id
        where p.invoice_id = ?1 order by p.prepaid_id\
        """,
        invoice);
  }

  private IssuedInvoice of(
      Row h,
      List<Row> lines,
      List<StoredRow> rows,
      List<Row> credits,
      List<Row> payments,
      boolean isPart) {
    Map<Integer, List<StoredRow>> byLine =
        rows.stream().collect(Collectors.groupingBy(StoredRow::line));
    BillingMode mode = BillingMode.valueOf(h.text(5));
    return new IssuedInvoice(
        new InvoiceId(h.uuid(0)).toString(),
        h.text(1),
        BillingMonth.parse(h.text(2)),
        h.instant(3),
        LocalDate.parse(h.text(4)),
        !isPart && mode.isOwed() ? terms.dueOn(h.instant(3)) : null,
        mode,
        h.number(19) == 1,
        supplier(h),
        h.text(12),
        Party.of(h.text(13), h.text(14)),
        lines.stream()
            .map(l -> line(l, byLine.getOrDefault((int) l.number(0), List.of())))
            .toList(),
        isPart ? sum(lines, 15) : new Won(h.number(15)),
        isPart ? sum(lines, 14) : new Won(h.number(16)),
        isPart ? sum(lines, 15).plus(sum(lines, 14)) : new Won(h.number(17)),
        credits.stream()
            .map(c -> new PromotionalCredit(c.text(0), c.text(1), c.rational(2)))
            .toList(),
        payments.stream()
            .map(p -> new PrepaidPayment(p.text(0), p.text(1), new Won(p.number(2))))
            .toList());
  }

  private static Won sum(List<Row> lines, int column) {
    return new Won(lines.stream().mapToLong(l -> l.number(column)).sum());
  }

  private static Party supplier(Row h) {
    String name = h.textOrNull(6);
    String number = h.textOrNull(7);
    return new Party(
        name == null ? "" : name,
        number == null ? "" : number,
        h.textOrNull(8),
        h.textOrNull(9),
        h.textOrNull(10),
        h.textOrNull(11),
        null);
  }

  private static InvoiceLine line(Row l, List<StoredRow> rows) {
    LineCategory category = LineCategory.valueOf(l.text(7));
    Rational quantity = l.rational(10);
    var amount = new Won(l.number(13));
    Commitment commitment = commitment(l, category, quantity);
    return new InvoiceLine(
        (int) l.number(0),
        l.textOrNull(1) == null
            ? null
            : new Project(new ProjectId(l.uuid(1)).toString(), l.text(2)),
        l.text(3),
        l.text(4),
        l.text(5),
        TaxType.valueOf(l.text(6)),
        category,
        BillingMonth.parse(l.text(8)),
        quantity.isZero() || l.text(9).equals("MONTH")
            ? InvoiceLine.Unit.NONE
            : InvoiceLine.Unit.valueOf(l.text(9)),
        quantity,
        l.rational(11),
        l.rational(12),
        amount,
        new Won(l.number(15)),
        new Won(l.number(14)),
        commitment,
        l.textOrNull(16),
        rows.stream().map(IssuedInvoices::row).toList());
  }

  /** The version of a line that is no usage names the term that it is for. */
  private static @Nullable Commitment commitment(Row l, LineCategory category, Rational quantity) {
    return switch (category) {
      case COMMITMENT_FEE, UNUSED ->
          new Commitment(
              l.text(5),
              l.text(4),
              quantity.isZero() ? Commitment.Kind.FEE : Commitment.Kind.USAGE,
              null,
              l.instantOrNull(17),
              l.instantOrNull(18));
      case TRUE_UP ->
          new Commitment(
              l.text(5),
              l.text(4),
              Commitment.Kind.SPEND,
              null,
              l.instantOrNull(17),
              l.instantOrNull(18));
      case USAGE, OVERAGE, CREDIT, SLA, CORRECTION -> null;
    };
  }

  private static ExactRow row(StoredRow r) {
    return new ExactRow(
        new ExactRow.Instance(
            new InstanceId(r.instance()).toString(), r.instanceName(), r.instanceType()),
        new RunId(r.run()).toString(),
        r.start(),
        r.end(),
        r.isEndEstimated(),
        r.billedMillis(),
        r.paddingMillis(),
        r.gpus(),
        r.units(),
        r.quantity() == null
            ? Rational.of(Math.multiplyExact(r.billedMillis(), r.units()), HOUR_MILLIS)
            : Rational.parse(r.quantity()),
        r.priceVersion(),
        Rational.parse(r.listPrice()),
        Rational.parse(r.unitPrice()),
        r.factors(),
        Rational.parse(r.ratedAmount()),
        Rational.parse(r.creditAmount()),
        Rational.parse(r.exactAmount()),
        r.costCenter(),
        r.coveredBy());
  }
}
