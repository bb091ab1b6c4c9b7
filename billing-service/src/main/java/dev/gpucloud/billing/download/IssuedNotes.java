package dev.gpucloud.billing.download;

import dev.gpucloud.billing.document.invoice.InvoiceLine;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.invoice.Party;
import dev.gpucloud.billing.document.invoice.Project;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.part.InvoicePart;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads issued notes as documents, whose lines name the charge that each corrects. */
final class IssuedNotes {
  private static final String NOTE =
      """
      select cast(n.id as text), n.number, millis(n.decided_at), cast(n.write_date as text),
             i.mode, i.supplier_name, i.supplier_number, o.ceo, o.address, o.business_type,
             o.business_item, cast(i.account_id as text), i.account_name, i.business_number,
             n.kind, i.month, n.description, cast(n.tenant_id as text)
      from invoice_note n
        join invoice i on i.id = n.invoice_id
        left join lateral (
          select ceo, address, business_type, business_item from operator_version
          where business_number = i.supplier_number order by version desc limit 1) o on true
      where n.number = ?1 and n.state = 'ISSUED'\
      """;
  private static final String LINES =
      """
      select l.line_number, cast(l.project_id as text), l.project_slug, l.tax_type, l.supply_krw,
             l.vat_krw, coalesce(n.sku, c.sku, ''), coalesce(c.price_version, ''),
             i.number || '/' || c.line_number || '/1'
      from invoice_note_line l
        join invoice_note n on n.id = l.note_id
        join invoice i on i.id = n.invoice_id
        left join lateral (
          select sku, price_version, line_number from invoice_line
          where invoice_id = i.id and tax_type = l.tax_type
            and (n.sku is null or sku = n.sku)
            and (l.project_id is null or project_id = l.project_id)
          order by line_number limit 1) c on true
      where l.note_id = ?1 and %s order by l.line_number\
      """
          .formatted(InvoicePart.OWN_LINES);

  private IssuedNotes() {}

  static boolean isNumber(String text) {
    return text.matches("[0-9]{4}-[0-9]{2}-[0-9]{6}-C[0-9]{2,}");
  }

  /** The whole note, for a tenant that it was issued to. */
  static Uni<IssuedInvoice> load(Mutiny.Session s, String number, @Nullable UUID tenant) {
    return head(s, number, tenant)
        .invoke(
            head -> {
              if (part(head, tenant) != null) {
                throw InvoicePart.hasNone("its documents");
              }
            })
        .chain(head -> below(s, head, null));
  }

  /** The same, or the lines of a tenant's own projects on one that was issued to another. */
  static Uni<IssuedInvoice> loadPart(Mutiny.Session s, String number, @Nullable UUID tenant) {
    return head(s, number, tenant).chain(head -> below(s, head, part(head, tenant)));
  }

  private static @Nullable UUID part(Row head, @Nullable UUID tenant) {
    return head.uuid(17).equals(tenant) ? null : tenant;
  }

  private static Uni<Row> head(Mutiny.Session s, String number, @Nullable UUID tenant) {
    return (tenant == null
            ? Rows.select(s, NOTE, number)
            : Rows.select(
                s, NOTE + " and (n.tenant_id = ?2 or ?2 = any (n.tenants))", number, tenant))
        .map(
            found ->
                found.stream()
                    .findFirst()
                    .orElseThrow(
                        () -> ProblemType.NOT_FOUND.because("There is no such invoice or note.")));
  }

  private static Uni<IssuedInvoice> below(Mutiny.Session s, Row head, @Nullable UUID part) {
    return Rows.select(s, LINES, head.uuid(0), part == null ? null : part.toString())
        .map(lines -> of(head, lines.stream().map(l -> line(head, l)).toList()));
  }

  private static IssuedInvoice of(Row r, List<InvoiceLine> lines) {
    Won supply = lines.stream().map(InvoiceLine::supply).reduce(Won.ZERO, Won::plus);
    Won vat = lines.stream().map(InvoiceLine::vat).reduce(Won.ZERO, Won::plus);
    return new IssuedInvoice(
        new NoteId(r.uuid(0)).toString(),
        r.text(1),
        BillingMonth.of(r.instant(2)),
        r.instant(2),
        LocalDate.parse(r.text(3)),
        null,
        BillingMode.valueOf(r.text(4)),
        false,
        supplier(r),
        r.text(11),
        Party.of(r.text(12), r.text(13)),
        lines,
        supply,
        vat,
        supply.plus(vat),
        List.of(),
        List.of());
  }

  private static Party supplier(Row r) {
    String name = r.textOrNull(5);
    String number = r.textOrNull(6);
    return new Party(
        name == null ? "" : name,
        number == null ? "" : number,
        r.textOrNull(7),
        r.textOrNull(8),
        r.textOrNull(9),
        r.textOrNull(10),
        null);
  }

  private static InvoiceLine line(Row head, Row l) {
    var supply = new Won(l.number(4));
    return new InvoiceLine(
        (int) l.number(0),
        l.textOrNull(1) == null
            ? null
            : new Project(
                new ProjectId(l.uuid(1)).toString(),
                Objects.requireNonNullElse(l.textOrNull(2), "")),
        l.text(6),
        head.text(16),
        l.text(7),
        TaxType.valueOf(l.text(3)),
        category(head.text(14)),
        BillingMonth.parse(head.text(15)),
        InvoiceLine.Unit.NONE,
        Rational.ZERO,
        Rational.of(supply.amount()),
        Rational.ZERO,
        supply,
        supply,
        new Won(l.number(5)),
        null,
        l.textOrNull(8),
        List.of());
  }

  private static LineCategory category(String kind) {
    return kind.equals("SLA") ? LineCategory.SLA : LineCategory.CORRECTION;
  }
}
