package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.booked.BookedDay;
import dev.gpucloud.billing.correction.NoteLineView;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.part.InvoicePart;
import dev.gpucloud.billing.ratedrow.StoredRows;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What hangs below an invoice's head: all that its statement says, written at once. */
@ApplicationScoped
class StatementRepository {
  private static final List<String> BELOW =
      List.of(
          "invoice_estimate",
          "prepaid_payment",
          "credit_burn",
          "invoice_commitment",
          "rated_rows",
          "invoice_line");

  private final Rows rows;

  StatementRepository(Rows rows) {
    this.rows = rows;
  }

  /**
   * A head with what its statement says, its rows as a document, the days that follow, and the runs
   * whose end is estimated.
   */
  record Below(
      InvoiceEntity head,
      Statement statement,
      Map<ProjectId, String> projects,
      byte[] rows,
      List<BookedDay> days,
      List<RunUsage> estimated) {}

  /** Writes everything below some heads, a statement for each table. */
  Uni<Void> insert(Mutiny.Session s, List<Below> all) {
    return rows.writeAll(
            s,
            INSERT_LINES,
            each(
                all,
                b ->
                    b.statement().lines().stream()
                        .map(l -> StatementRows.Line.of(b.head(), l, b.projects()))
                        .toList()))
        .chain(() -> StoredRows.insert(s, all.stream().map(StatementRepository::document).toList()))
        .chain(
            () ->
                rows.writeAll(
                    s,
                    INSERT_COMMITMENTS,
                    each(all, b -> StatementRows.commitments(b.head(), b.statement()))))
        .chain(
            () ->
                rows.writeAll(
                    s, INSERT_BURNS, each(all, b -> StatementRows.burns(b.head(), b.statement()))))
        .chain(
            () ->
                rows.writeAll(
                    s,
                    INSERT_PAYMENTS,
                    each(all, b -> StatementRows.payments(b.head(), b.statement()))))
        .chain(
            () ->
                rows.writeAll(
                    s,
                    INSERT_ESTIMATES,
                    each(all, b -> StatementRows.estimates(b.head(), b.estimated()))));
  }

  private static StoredRows.Document document(Below b) {
    return new StoredRows.Document(b.head().tenantId, b.head().id, b.rows(), b.days());
  }

  private static <T> List<T> each(List<Below> all, Function<Below, List<T>> rows) {
    return all.stream().flatMap(b -> rows.apply(b).stream()).toList();
  }

  /** Removes everything below a head that is not issued, to rate it anew. */
  Uni<Void> delete(Mutiny.Session s, UUID invoice) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (String table : BELOW) {
      done =
          done.chain(
              () ->
                  Sql.update(s, "delete from " + table + " where invoice_id = ?1", invoice)
                      .replaceWithVoid());
    }
    return done;
  }

  private static final String INSERT_LINES =
      """
      insert into invoice_line
        (tenant_id, invoice_id, line_number, project_id, project_slug, description, sku,
         price_version, tax_type, category, original_month, unit, quantity, exact_amount,
         rounding_amount, amount_krw, supply_krw, vat_krw)
      select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as l (
        "tenantId" uuid, "invoiceId" uuid, "lineNumber" int, "projectId" uuid,
        "projectSlug" text, description text, sku text, "priceVersion" text, "taxType" text,
        category text, "originalMonth" text, unit text, quantity text, "exactAmount" text,
        "roundingAmount" text, "amountKrw" bigint, "supplyKrw" bigint, "vatKrw" bigint)\
      """;
  private static final String INSERT_COMMITMENTS =
      """
      insert into invoice_commitment
        (tenant_id, invoice_id, commitment, sku, kind, committed_hours, used_hours, fee,
         effective, unused)
      select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as c (
        "tenantId" uuid, "invoiceId" uuid, commitment text, sku text, kind text,
        "committedHours" text, "usedHours" text, fee text, effective text, unused text)\
      """;
  private static final String INSERT_BURNS =
      """
      insert into credit_burn (tenant_id, grant_id, invoice_id, month, amount, lapsed)
      select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as b (
        "tenantId" uuid, "grantId" uuid, "invoiceId" uuid, month text, amount text,
        lapsed text)\
      """;
  private static final String INSERT_ESTIMATES =
      """
      insert into invoice_estimate (tenant_id, invoice_id, run_id, alive_through)
      select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as e (
        "tenantId" uuid, "invoiceId" uuid, "runId" uuid, "aliveThrough" timestamptz)\
      """;
  private static final String INSERT_PAYMENTS =
      """
      insert into prepaid_payment (tenant_id, prepaid_id, invoice_id, month, paid_krw)
      select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as p (
        "tenantId" uuid, "prepaidId" uuid, "invoiceId" uuid, month text, "paidKrw" bigint)\
      """;

  /** All lines, or those of the projects of one tenant. */
  Uni<List<Row>> lines(Mutiny.Session s, UUID invoice, @Nullable UUID part) {
    return Rows.select(
        s,
        """
        select line_number, description, cast(project_id as text), project_slug, sku,
               price_version, category, tax_type, quantity, unit, exact_amount, rounding_amount,
               amount_krw, vat_krw, original_month, coalesce(supply_krw, amount_krw)
        from invoice_line l where invoice_id = ?1 and %s order by line_number\
        """
            .formatted(InvoicePart.OWN_LINES),
        invoice,
        part == null ? null : part.toString());
  }

  /** What credits took, of all tenants or of one. */
  Uni<List<Row>> credits(Mutiny.Session s, UUID invoice, @Nullable UUID part) {
    return Rows.select(
        s,
        """
        select cast(b.grant_id as text), g.name, b.amount, b.lapsed,
               (select string_agg(c.amount, ',')
                from late_usage_credit c join late_usage u on u.id = c.late_usage_id
                  left join invoice i on i.id = u.invoice_id
                  left join invoice_note n on n.id = u.note_id
                where c.lapsed_on = b.invoice_id and c.grant_id = b.grant_id
                  and (i.state = 'ISSUED' or n.state = 'ISSUED'))
        from credit_burn b join credit_grant g on g.id = b.grant_id
        where b.invoice_id = ?1
          and (cast(?2 as text) is null or g.tenant_id = cast(cast(?2 as text) as uuid))
        order by g.name, b.grant_id\
        """,
        invoice,
        part == null ? null : part.toString());
  }

  Uni<List<Row>> commitments(Mutiny.Session s, UUID invoice) {
    return Rows.select(
        s,
        """
        select commitment, sku, kind, committed_hours, used_hours, fee, effective, unused
        from invoice_commitment where invoice_id = ?1 order by commitment\
        """,
        invoice);
  }

  /** Issued notes against an invoice, or what they change for one tenant's projects. */
  Uni<List<Row>> notes(Mutiny.Session s, UUID invoice, @Nullable UUID part) {
    return Rows.select(
        s,
        """
        select cast(n.id as text), n.number, n.kind, n.reason, n.description,
               cast(n.write_date as text), cast(n.period_from as text), cast(n.period_to as text),
               coalesce(sum(l.supply_krw), 0), coalesce(sum(l.vat_krw), 0), millis(n.decided_at),
               %s
        from invoice_note n left join invoice_note_line l on l.note_id = n.id and %s
        where n.invoice_id = ?1 and n.state = 'ISSUED'
        group by n.id having cast(?2 as text) is null or count(l.note_id) > 0
        order by n.ordinal\
        """
            .formatted(NoteLineView.LINES, InvoicePart.OWN_LINES),
        invoice,
        part == null ? null : part.toString());
  }

  Uni<List<Row>> payments(Mutiny.Session s, UUID invoice) {
    return Rows.select(
        s,
        """
        select cast(prepaid_id as text), paid_krw from prepaid_payment
        where invoice_id = ?1 order by prepaid_id\
        """,
        invoice);
  }
}
