package dev.gpucloud.billing.part;

import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.event.InvoicePartFact;
import dev.gpucloud.contracts.event.PartNoteFact;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads whose parts issued invoices have, besides that of the tenant they were issued to. */
public final class InvoiceParts {
  private static final String OF_OTHERS =
      """
      select cast(i.id as text), cast(p.tenant_id as text), i.number, i.month,
             sum(coalesce(l.supply_krw, l.amount_krw) + l.vat_krw), millis(i.issued_at), i.mode
      from invoice i
        join invoice_line l on l.invoice_id = i.id
        join project_ref p on p.project_id = l.project_id
      where i.id = any (cast(string_to_array(?1, ',') as uuid[])) and cardinality(i.tenants) > 1
        and p.tenant_id <> i.tenant_id and p.tenant_id = any (i.tenants)
      group by i.id, p.tenant_id order by i.id, p.tenant_id\
      """;

  private static final String NOTE_OF_OTHERS =
      """
      select cast(n.id as text), n.number, cast(i.id as text), i.number, cast(p.tenant_id as text),
             i.month, n.kind, n.reason, cast(n.write_date as text), sum(l.supply_krw),
             sum(l.vat_krw), millis(n.decided_at), i.mode
      from invoice_note n
        join invoice i on i.id = n.invoice_id
        join invoice_note_line l on l.note_id = n.id
        join project_ref p on p.project_id = l.project_id
      where n.id = ?1 and n.state = 'ISSUED'
        and p.tenant_id <> i.tenant_id and p.tenant_id = any (i.tenants)
      group by n.id, i.id, p.tenant_id order by p.tenant_id\
      """;

  private InvoiceParts() {}

  public static Uni<List<InvoicePartFact>> ofOthers(Mutiny.Session s, Collection<UUID> invoices) {
    return Rows.select(s, OF_OTHERS, Rows.param(invoices))
        .map(
            rows ->
                rows.stream()
                    .map(
                        r ->
                            new InvoicePartFact(
                                new InvoiceId(r.uuid(0)),
                                new TenantId(r.uuid(1)),
                                r.text(2),
                                r.text(3),
                                r.number(4),
                                r.instant(5),
                                r.text(6)))
                    .toList());
  }

  /** What an issued note changes of each of those parts that it is about. */
  public static Uni<List<PartNoteFact>> noteOfOthers(Mutiny.Session s, UUID note) {
    return Rows.select(s, NOTE_OF_OTHERS, note)
        .map(
            rows ->
                rows.stream()
                    .map(
                        r ->
                            new PartNoteFact(
                                new NoteId(r.uuid(0)),
                                r.text(1),
                                new InvoiceId(r.uuid(2)),
                                r.text(3),
                                new TenantId(r.uuid(4)),
                                r.text(5),
                                r.text(6),
                                (int) r.number(7),
                                LocalDate.parse(r.text(8)),
                                r.number(9),
                                r.number(10),
                                r.instant(11),
                                r.text(12)))
                    .toList());
  }
}
