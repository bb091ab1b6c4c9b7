package dev.gpucloud.billing.download;

import dev.gpucloud.billing.document.invoice.InvoiceLine;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.invoice.Party;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads issued notes as documents of one line, which names the charge that it corrects. */
final class IssuedNotes {
  private static final String NOTE =
      """
      select cast(n.id as text), n.number, millis(n.decided_at), cast(n.write_date as text),
             i.mode, i.supplier_name, i.supplier_number, o.ceo, o.address, o.business_type,
             o.business_item, cast(i.account_id as text), i.account_name, i.business_number,
             n.supply_krw, n.vat_krw, n.kind, n.tax_type, i.month, n.description,
             coalesce(n.sku, l.sku, ''), coalesce(l.price_version, ''),
             i.number || '/' || l.line_number || '/1'
      from invoice_note n
        join invoice i on i.id = n.invoice_id
        left join lateral (
          select sku, price_version, line_number from invoice_line
          where invoice_id = i.id and (n.sku is null or sku = n.sku)
          order by line_number limit 1) l on true
        left join lateral (
          select ceo, address, business_type, business_item from operator_version
          where business_number = i.supplier_number order by version desc limit 1) o on true
      where n.number = ?1 and n.state = 'ISSUED'\
      """;

  private IssuedNotes() {}

  static boolean isNumber(String text) {
    return text.matches("[0-9]{4}-[0-9]{2}-[0-9]{6}-C[0-9]{2,}");
  }

  static Uni<IssuedInvoice> load(Mutiny.Session s, String number, @Nullable UUID tenant) {
    return (tenant == null
            ? Rows.select(s, NOTE, number)
            : Rows.select(s, NOTE + " and n.tenant_id = ?2", number, tenant))
        .map(
            found ->
                found.stream()
                    .findFirst()
                    .map(IssuedNotes::of)
                    .orElseThrow(
                        () -> ProblemType.NOT_FOUND.because("There is no such invoice or note.")));
  }

  private static IssuedInvoice of(Row r) {
    var supply = new Won(r.number(14));
    var vat = new Won(r.number(15));
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
        List.of(line(r, supply, vat)),
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

  private static InvoiceLine line(Row r, Won supply, Won vat) {
    return new InvoiceLine(
        1,
        null,
        r.text(20),
        r.text(19),
        r.text(21),
        TaxType.valueOf(r.text(17)),
        category(r.text(16)),
        BillingMonth.parse(r.text(18)),
        InvoiceLine.Unit.NONE,
        Rational.ZERO,
        Rational.of(supply.amount()),
        Rational.ZERO,
        supply,
        supply,
        vat,
        null,
        r.textOrNull(22),
        List.of());
  }

  private static LineCategory category(String kind) {
    return kind.equals("SLA") ? LineCategory.SLA : LineCategory.CORRECTION;
  }
}
