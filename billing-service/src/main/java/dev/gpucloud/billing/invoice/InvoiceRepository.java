package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.invoice.engine.DraftInvoice;
import dev.gpucloud.billing.invoice.engine.DraftLine;
import dev.gpucloud.billing.rating.engine.CreditEngine.Burn;
import dev.gpucloud.billing.rating.engine.CreditEngine.CreditedRow;
import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of invoices and of what hangs below them. */
@ApplicationScoped
class InvoiceRepository {
  private final Rows rows;

  InvoiceRepository(Rows rows) {
    this.rows = rows;
  }

  Uni<Optional<InvoiceEntity>> find(Mutiny.Session s, UUID id) {
    return s.find(InvoiceEntity.class, id).map(Optional::ofNullable);
  }

  Uni<Optional<InvoiceEntity>> findForUpdate(Mutiny.Session s, UUID id) {
    return s.find(InvoiceEntity.class, id, LockModeType.PESSIMISTIC_WRITE)
        .map(Optional::ofNullable);
  }

  Uni<Optional<InvoiceEntity>> findByNumber(Mutiny.Session s, String number) {
    return s.createQuery("from InvoiceEntity where number = ?1", InvoiceEntity.class)
        .setParameter(1, number)
        .getResultList()
        .map(found -> found.stream().findFirst());
  }

  /** The invoice of an account's month; there is at most one. */
  Uni<Optional<InvoiceEntity>> findOf(Mutiny.Session s, UUID account, String month) {
    return s.createQuery(
            "from InvoiceEntity where accountId = ?1 and month = ?2", InvoiceEntity.class)
        .setParameter(1, account)
        .setParameter(2, month)
        .getResultList()
        .map(found -> found.stream().findFirst());
  }

  /** What a list may be narrowed to. */
  record Filter(
      @Nullable UUID account,
      @Nullable UUID tenant,
      @Nullable String month,
      @Nullable String state) {}

  /** Newest first, after the given id. */
  Uni<List<InvoiceEntity>> list(Mutiny.Session s, Filter filter, @Nullable UUID after, int limit) {
    var hql = new StringBuilder("from InvoiceEntity where 1 = 1");
    var params = new TreeMap<String, Object>();
    add(hql, params, " and accountId = :account", "account", filter.account());
    add(hql, params, " and tenantId = :tenant", "tenant", filter.tenant());
    add(hql, params, " and month = :month", "month", filter.month());
    add(hql, params, " and state = :state", "state", filter.state());
    add(hql, params, " and id < :after", "after", after);
    var query =
        s.createQuery(hql.append(" order by id desc").toString(), InvoiceEntity.class)
            .setMaxResults(limit);
    params.forEach(query::setParameter);
    return query.getResultList();
  }

  private static void add(
      StringBuilder hql,
      TreeMap<String, Object> params,
      String clause,
      String name,
      @Nullable Object value) {
    if (value != null) {
      hql.append(clause);
      params.put(name, value);
    }
  }

  /** Serialises everything about one account for the rest of the transaction. */
  Uni<Void> lockAccount(Mutiny.Session s, UUID account) {
    return Rows.select(
            s,
            "select cast(pg_advisory_xact_lock(hashtextextended(?1, 7402)) as text)",
            account.toString())
        .replaceWithVoid();
  }

  /** Metered events of the tenants stamped before the end of a month. */
  Uni<Long> meteredEvents(Mutiny.Session s, List<UUID> tenants, Instant before) {
    return Rows.select(
            s,
            """
            select count(*) from instance_event
            where tenant_id = any (cast(string_to_array(?1, ',') as uuid[])) and at < ?2
              and type in ('instance.started', 'instance.moved', 'instance.resized',
                           'instance.stopped')""",
            Rows.param(tenants),
            Rows.param(before))
        .map(found -> found.getFirst().number(0));
  }

  /** The next number of a month; its row stays locked until the commit, so no hole can open. */
  Uni<Long> takeNumber(Mutiny.Session s, String month) {
    return Rows.select(
            s,
            """
            insert into invoice_number as n (month, last_number) values (?1, 1)
            on conflict (month) do update set last_number = n.last_number + 1
            returning last_number""",
            month)
        .map(found -> found.getFirst().number(0));
  }

  // ---- lines, rows and burns, in bulk

  private record LineRow(
      UUID tenantId,
      UUID invoiceId,
      int lineNumber,
      UUID projectId,
      String projectSlug,
      String description,
      String sku,
      String priceVersion,
      String taxType,
      String category,
      String originalMonth,
      String unit,
      String quantity,
      String exactAmount,
      String roundingAmount,
      long amountKrw,
      long vatKrw) {

    static LineRow of(InvoiceEntity invoice, DraftLine line) {
      RatedRow last =
          line.rows().stream().map(CreditedRow::row).max(RatedRow.BY_USAGE_TIME).orElseThrow();
      return new LineRow(
          invoice.tenantId,
          invoice.id,
          line.lineNumber(),
          line.key().projectId().value(),
          last.scope().projectSlug(),
          description(last),
          line.key().sku(),
          line.key().priceVersion(),
          line.key().taxType().name(),
          line.key().category().name(),
          line.key().originalMonth().toString(),
          last.price().unit().name(),
          line.quantityHours().toString(),
          line.exactAmount().toString(),
          line.roundingAmount().toString(),
          line.amount().amount(),
          line.vat().amount());
    }

    private static String description(RatedRow row) {
      String item =
          row.shape().migProfile() == null ? row.shape().gpuModel() : row.shape().instanceType();
      return "%s, %s, %s"
          .formatted(
              item,
              row.shape().purchaseClass().toLowerCase(Locale.ROOT).replace('_', '-'),
              row.shape().region());
    }
  }

  private record DetailRow(
      UUID tenantId,
      UUID invoiceId,
      int lineNumber,
      int rowNumber,
      UUID projectId,
      UUID instanceId,
      String instanceName,
      String instanceType,
      @Nullable String costCenter,
      UUID runId,
      Instant startAt,
      Instant endAt,
      long paddingMillis,
      long billedMillis,
      int gpus,
      int units,
      String priceVersion,
      String listPrice,
      String unitPrice,
      String factors,
      String ratedAmount,
      String creditAmount,
      String exactAmount) {

    static DetailRow of(InvoiceEntity invoice, DraftLine line, int index) {
      CreditedRow credited = line.rows().get(index);
      RatedRow row = credited.row();
      return new DetailRow(
          invoice.tenantId,
          invoice.id,
          line.lineNumber(),
          index + 1,
          row.scope().projectId().value(),
          row.instanceId().value(),
          row.instanceName(),
          row.shape().instanceType(),
          row.scope().costCenter(),
          row.runId().value(),
          row.start(),
          row.end(),
          row.paddingMillis(),
          row.billedMillis(),
          row.shape().gpus(),
          row.shape().units(),
          row.price().version(),
          row.price().listPriceKrwPerHour().toString(),
          row.unitPriceKrwPerHour().toString(),
          row.factors().stream()
              .map(f -> f.reason() + " x " + f.multiplier())
              .collect(Collectors.joining("; ")),
          row.amount().toString(),
          credited.creditAmount().toString(),
          credited.netAmount().toString());
    }
  }

  private record BurnRow(
      UUID tenantId, UUID grantId, UUID invoiceId, String month, String amount) {}

  /** Writes everything below the head. */
  Uni<Void> insertBelow(Mutiny.Session s, InvoiceEntity invoice, DraftInvoice draft) {
    var lines = draft.lines().stream().map(l -> LineRow.of(invoice, l)).toList();
    var details = new ArrayList<DetailRow>();
    for (DraftLine line : draft.lines()) {
      for (int i = 0; i < line.rows().size(); i++) {
        details.add(DetailRow.of(invoice, line, i));
      }
    }
    return rows.writeAll(s, INSERT_LINES, lines)
        .chain(() -> rows.writeAll(s, INSERT_DETAILS, details))
        .chain(() -> rows.writeAll(s, INSERT_BURNS, burns(invoice, draft)));
  }

  private static List<BurnRow> burns(InvoiceEntity invoice, DraftInvoice draft) {
    var byGrant = new TreeMap<UUID, Rational>();
    var tenantOf = new TreeMap<UUID, UUID>();
    for (DraftLine line : draft.lines()) {
      for (CreditedRow row : line.rows()) {
        for (Burn burn : row.burns()) {
          byGrant.merge(burn.grantId(), burn.amount(), Rational::add);
          tenantOf.put(burn.grantId(), row.row().scope().tenantId().value());
        }
      }
    }
    return byGrant.entrySet().stream()
        .map(
            e ->
                new BurnRow(
                    tenantOf.get(e.getKey()),
                    e.getKey(),
                    invoice.id,
                    invoice.month,
                    e.getValue().toString()))
        .toList();
  }

  /** Removes everything below a head that is not issued, to rate it anew. */
  Uni<Void> deleteBelow(Mutiny.Session s, UUID invoice) {
    return Sql.update(s, "delete from credit_burn where invoice_id = ?1", invoice)
        .chain(() -> Sql.update(s, "delete from rated_row where invoice_id = ?1", invoice))
        .chain(() -> Sql.update(s, "delete from invoice_line where invoice_id = ?1", invoice))
        .replaceWithVoid();
  }

  private static final String INSERT_LINES =
      """
      insert into invoice_line
      select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as l (
        "tenantId" uuid, "invoiceId" uuid, "lineNumber" int, "projectId" uuid,
        "projectSlug" text, description text, sku text, "priceVersion" text, "taxType" text,
        category text, "originalMonth" text, unit text, quantity text, "exactAmount" text,
        "roundingAmount" text, "amountKrw" bigint, "vatKrw" bigint)""";
  private static final String INSERT_DETAILS =
      """
      insert into rated_row
      select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as d (
        "tenantId" uuid, "invoiceId" uuid, "lineNumber" int, "rowNumber" int, "projectId" uuid,
        "instanceId" uuid, "instanceName" text, "instanceType" text, "costCenter" text,
        "runId" uuid, "startAt" timestamptz, "endAt" timestamptz, "paddingMillis" bigint,
        "billedMillis" bigint, gpus int, units int, "priceVersion" text, "listPrice" text,
        "unitPrice" text, factors text, "ratedAmount" text, "creditAmount" text,
        "exactAmount" text)""";
  private static final String INSERT_BURNS =
      """
      insert into credit_burn
      select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as b (
        "tenantId" uuid, "grantId" uuid, "invoiceId" uuid, month text, amount text)""";

  // ---- history

  Uni<Void> addHistory(
      Mutiny.Session s,
      InvoiceEntity invoice,
      String action,
      By by,
      Instant at,
      @Nullable String comment) {
    return Sql.update(
            s,
            """
            insert into invoice_history
              (tenant_id, invoice_id, ordinal, action, state, by_subject, by_name, at, comment)
            select ?1, ?2, coalesce(max(ordinal), 0) + 1, ?3, ?4, ?5, ?6, ?7, cast(?8 as text)
            from invoice_history where invoice_id = ?2""",
            invoice.tenantId,
            invoice.id,
            action,
            invoice.state,
            by.subject(),
            by.name(),
            Rows.param(at),
            comment)
        .replaceWithVoid();
  }

  /** Who acts. */
  record By(String subject, String name) {}

  // ---- reading what hangs below

  Uni<List<Row>> lines(Mutiny.Session s, UUID invoice) {
    return Rows.select(
        s,
        """
        select line_number, description, cast(project_id as text), project_slug, sku,
               price_version, category, tax_type, quantity, unit, exact_amount, rounding_amount,
               amount_krw, vat_krw
        from invoice_line where invoice_id = ?1 order by line_number""",
        invoice);
  }

  Uni<List<Row>> details(Mutiny.Session s, UUID invoice) {
    return Rows.select(
        s,
        """
        select line_number, cast(instance_id as text), instance_name, instance_type,
               cast(run_id as text), millis(start_at), millis(end_at), billed_millis,
               padding_millis, gpus, price_version, list_price, unit_price, factors, rated_amount,
               credit_amount, exact_amount, cost_center
        from rated_row where invoice_id = ?1 order by line_number, row_number""",
        invoice);
  }

  Uni<List<Row>> credits(Mutiny.Session s, UUID invoice) {
    return Rows.select(
        s,
        """
        select cast(b.grant_id as text), g.name, b.amount
        from credit_burn b join credit_grant g on g.id = b.grant_id
        where b.invoice_id = ?1 order by g.name, b.grant_id""",
        invoice);
  }

  Uni<List<Row>> history(Mutiny.Session s, UUID invoice) {
    return Rows.select(
        s,
        """
        select action, state, by_name, millis(at), comment from invoice_history
        where invoice_id = ?1 order by ordinal""",
        invoice);
  }
}
