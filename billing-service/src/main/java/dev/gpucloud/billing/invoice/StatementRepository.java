package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.correction.LateUsage;
import dev.gpucloud.billing.correction.RowChanges;
import dev.gpucloud.billing.correction.RowChanges.StoredRow;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** What hangs below an invoice's head: all that its statement says, written at once. */
@ApplicationScoped
class StatementRepository {
  private static final List<String> BELOW =
      List.of("prepaid_payment", "credit_burn", "invoice_commitment", "rated_row", "invoice_line");

  private final Rows rows;

  StatementRepository(Rows rows) {
    this.rows = rows;
  }

  /**
   * Writes everything below the head.
   *
   * @param late what it charges of closed months
   */
  Uni<Void> insert(
      Mutiny.Session s, InvoiceEntity invoice, Statement statement, LateUsage.Settling late) {
    Map<ProjectId, String> projects = late.projects();
    Map<Key, RowChanges> corrections = late.rows();
    var takenBack = new ArrayList<StatementRows.TakenBack>();
    var details = new ArrayList<StatementRows.Detail>();
    for (StatementLine line : statement.lines()) {
      for (int i = 0; i < line.parts().size(); i++) {
        details.add(StatementRows.Detail.of(invoice, line, i));
      }
      RowChanges behind = corrections.getOrDefault(line.key(), RowChanges.NONE);
      int number = 0;
      for (StoredRow row : behind.takenBack()) {
        takenBack.add(StatementRows.TakenBack.of(invoice, line, ++number, row));
      }
      for (Part part : behind.added()) {
        details.add(StatementRows.Detail.of(invoice, line.number(), ++number, part));
      }
    }
    var lines =
        statement.lines().stream().map(l -> StatementRows.Line.of(invoice, l, projects)).toList();
    return rows.writeAll(s, INSERT_LINES, lines)
        .chain(() -> rows.writeAll(s, INSERT_DETAILS, details))
        .chain(() -> rows.writeAll(s, INSERT_TAKEN_BACK, takenBack))
        .chain(
            () ->
                rows.writeAll(s, INSERT_COMMITMENTS, StatementRows.commitments(invoice, statement)))
        .chain(() -> rows.writeAll(s, INSERT_BURNS, StatementRows.burns(invoice, statement)))
        .chain(() -> rows.writeAll(s, INSERT_PAYMENTS, StatementRows.payments(invoice, statement)));
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
  private static final String INSERT_DETAILS =
      """
      insert into rated_row
        (tenant_id, invoice_id, line_number, row_number, project_id, instance_id, instance_name,
         instance_type, cost_center, run_id, start_at, end_at, padding_millis, billed_millis, gpus,
         units, category, share, quantity, covered_by, price_version, list_price, base_price,
         unit_price, factors, rated_amount, credits, credit_amount, exact_amount)
      select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as d (
        "tenantId" uuid, "invoiceId" uuid, "lineNumber" int, "rowNumber" int, "projectId" uuid,
        "instanceId" uuid, "instanceName" text, "instanceType" text, "costCenter" text,
        "runId" uuid, "startAt" timestamptz, "endAt" timestamptz, "paddingMillis" bigint,
        "billedMillis" bigint, gpus int, units int, category text, share text, quantity text,
        "coveredBy" text, "priceVersion" text, "listPrice" text, "basePrice" text,
        "unitPrice" text, factors text, "ratedAmount" text, credits jsonb, "creditAmount" text,
        "exactAmount" text)\
      """;
  private static final String INSERT_TAKEN_BACK =
      """
      insert into rated_row
        (tenant_id, invoice_id, line_number, row_number, project_id, instance_id, instance_name,
         instance_type, cost_center, run_id, start_at, end_at, padding_millis, billed_millis, gpus,
         units, category, share, quantity, covered_by, price_version, list_price, base_price,
         unit_price, factors, rated_amount, credit_amount, exact_amount)
      select t."tenantId", t."invoiceId", t."lineNumber", t."rowNumber", r.project_id,
             r.instance_id, r.instance_name, r.instance_type, r.cost_center, r.run_id, r.start_at,
             r.end_at, -r.padding_millis, -r.billed_millis, r.gpus, r.units, r.category, r.share,
             turned(r.quantity), r.covered_by, r.price_version, r.list_price, r.base_price,
             r.unit_price, r.factors, turned(r.rated_amount), turned(r.credit_amount),
             turned(r.exact_amount)
      from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as t (
          "tenantId" uuid, "invoiceId" uuid, "lineNumber" int, "rowNumber" int,
          "fromInvoice" uuid, "fromLine" int, "fromRow" int)
        join rated_row r on r.invoice_id = t."fromInvoice" and r.line_number = t."fromLine"
          and r.row_number = t."fromRow\"\
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
  private static final String INSERT_PAYMENTS =
      """
      insert into prepaid_payment (tenant_id, prepaid_id, invoice_id, month, paid_krw)
      select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as p (
        "tenantId" uuid, "prepaidId" uuid, "invoiceId" uuid, month text, "paidKrw" bigint)\
      """;

  Uni<List<Row>> lines(Mutiny.Session s, UUID invoice) {
    return Rows.select(
        s,
        """
        select line_number, description, cast(project_id as text), project_slug, sku,
               price_version, category, tax_type, quantity, unit, exact_amount, rounding_amount,
               amount_krw, vat_krw, original_month, coalesce(supply_krw, amount_krw)
        from invoice_line where invoice_id = ?1 order by line_number\
        """,
        invoice);
  }

  Uni<List<Row>> details(Mutiny.Session s, UUID invoice) {
    return Rows.select(
        s,
        """
        select line_number, cast(instance_id as text), instance_name, instance_type,
               cast(run_id as text), millis(start_at), millis(end_at), billed_millis,
               padding_millis, gpus, price_version, list_price, unit_price, factors, rated_amount,
               credit_amount, exact_amount, cost_center, category, share,
               coalesce(base_price, list_price), covered_by, cast(credits as text)
        from rated_row where invoice_id = ?1 order by line_number, row_number\
        """,
        invoice);
  }

  Uni<List<Row>> credits(Mutiny.Session s, UUID invoice) {
    return Rows.select(
        s,
        """
        select cast(b.grant_id as text), g.name, b.amount, b.lapsed
        from credit_burn b join credit_grant g on g.id = b.grant_id
        where b.invoice_id = ?1 order by g.name, b.grant_id\
        """,
        invoice);
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

  /** Issued notes against an invoice. */
  Uni<List<Row>> notes(Mutiny.Session s, UUID invoice) {
    return Rows.select(
        s,
        """
        select cast(id as text), number, kind, reason, description, cast(write_date as text),
               cast(period_from as text), cast(period_to as text), supply_krw, vat_krw,
               millis(decided_at)
        from invoice_note where invoice_id = ?1 and state = 'ISSUED' order by ordinal\
        """,
        invoice);
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
