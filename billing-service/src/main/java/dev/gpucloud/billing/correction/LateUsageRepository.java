package dev.gpucloud.billing.correction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.billing.correction.LateUsage.Found;
import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.correction.engine.LatePolicy;
import dev.gpucloud.billing.correction.engine.MonthCharge;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.ratedrow.RowsDocument;
import dev.gpucloud.billing.ratedrow.StoredRow;
import dev.gpucloud.billing.ratedrow.StoredRows;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of policies, and of what late usage changed and how it was settled. */
@ApplicationScoped
class LateUsageRepository {
  /**
   * Events that arrived after the invoice of their month was issued; a transaction that was under
   * way meanwhile is counted as late as well, which costs a rating and changes nothing. A stop
   * touches what an earlier stop of the run had ended; proof of a run that two persons let pass
   * without one touches the month that was billed to its last sign of life.
   */
  private static final String LATE =
      """
      with closed as materialized (
        select i.*, coalesce(i.closed_at, '-infinity') - interval '10 minutes' as late_after,
               (to_date(i.month, 'YYYY-MM') + interval '1 month') at time zone 'Asia/Seoul'
                 as until_at
        from invoice i
        where i.account_id = any (cast(string_to_array(?1, ',') as uuid[]))
          and i.state = 'ISSUED' and i.month < ?2
          and not exists (
            select from invoice_note n
            where n.invoice_id = i.id and n.state = 'ISSUED' and n.reason in (4, 6))),
      period as materialized (
        select account_id, month, until_at,
               lag(until_at, 1, '-infinity') over (partition by account_id order by month)
                 as from_at,
               lag(month, 1, '') over (partition by account_id order by month) as after_month
        from closed),
      pooled as (
        select account_id, account_id as member from closed
        union select c.account_id, m.id
        from closed c join tier_pool p on c.account_id = any (p.accounts)
          cross join unnest(p.accounts) as m (id)),
      deciding as materialized (
        select p.account_id, t.tenant_id
        from pooled p join account_tenant t on t.account_id = p.member
        union select p.account_id, u.id
        from pooled p join invoice i on i.account_id = p.member
          cross join unnest(i.tenants) as u (id)),
      by_month as (
        select p.account_id, p.month, e.last_at
        from period p join deciding d using (account_id)
          cross join lateral (
            select max(last_metered_at) as last_at from usage_month
            where tenant_id = d.tenant_id and month > p.after_month and month <= p.month) e
        union all
        select p.account_id, p.month, e.received_at
        from period p join deciding d using (account_id)
          join run r on r.tenant_id = d.tenant_id and r.ended_at > r.first_ended_at
            and r.first_ended_at >= p.from_at and r.first_ended_at < p.until_at
          join instance_event e on e.run_id = r.run_id and e.at > r.first_ended_at
            and e.type in ('instance.started', 'instance.moved', 'instance.resized',
                           'instance.stopped')
        union all
        select w.account_id, w.month, coalesce(max(e.received_at), now())
        from close_waiver w
          join run r on r.run_id = case when w.code = 'RUN_WITHOUT_PROOF'
                                        then cast(substr(w.subject, 5) as uuid) end
          left join run_heartbeat h on h.run_id = r.run_id
          left join instance_event e on e.run_id = r.run_id and e.type = 'instance.stopped'
        where w.account_id in (select account_id from closed)
          and w.code = 'RUN_WITHOUT_PROOF' and w.state = 'CONFIRMED'
          and greatest(r.ended_at, h.alive_through)
            > (to_date(w.month, 'YYYY-MM') + interval '1 month') at time zone 'Asia/Seoul'
              - interval '1 second'
        group by w.account_id, w.month, r.run_id)
      select cast(i.id as text), cast(i.tenant_id as text), cast(i.account_id as text), i.number,
             i.month, i.mode, i.supply_krw, i.vat_krw, millis(i.issued_at),
             millis(l.last_at),
             cast(extract(day from now() - l.last_at) as int)
      from closed i
        join lateral (
          select max(b.last_at) as last_at from by_month b
          where b.account_id = i.account_id and b.month <= i.month and b.last_at > i.late_after) l
        on l.last_at is not null
      order by i.account_id, i.month\
      """;

  private final ObjectMapper json;

  LateUsageRepository(ObjectMapper json) {
    this.json = json;
  }

  /**
   * Each account's issued invoices of months before, that events came late for: of its tenants,
   * past and present, and of those of accounts that were ever pooled with it. Without any it has no
   * entry.
   */
  Uni<Map<UUID, List<ClosedInvoice>>> late(
      Mutiny.Session s, Collection<UUID> accounts, String beforeMonth) {
    return Rows.select(s, LATE, Rows.param(accounts), beforeMonth)
        .map(
            rows ->
                rows.stream()
                    .map(LateUsageRepository::closed)
                    .collect(Collectors.groupingBy(ClosedInvoice::account)));
  }

  private static ClosedInvoice closed(Row r) {
    return new ClosedInvoice(
        r.uuid(0),
        r.uuid(1),
        r.uuid(2),
        r.text(3),
        BillingMonth.parse(r.text(4)),
        BillingMode.valueOf(r.text(5)),
        new Won(r.number(6)),
        new Won(r.number(7)),
        r.instant(8),
        r.instant(9),
        (int) r.number(10));
  }

  // ---- what was charged

  /** The lines that an invoice has of its own month. */
  Uni<List<Row>> ownLines(Mutiny.Session s, UUID invoice) {
    return Rows.select(
        s,
        """
        select cast(l.project_id as text), l.project_slug, l.sku, l.price_version, l.tax_type,
               l.exact_amount, coalesce(l.supply_krw, l.amount_krw)
        from invoice_line l join invoice i on i.id = l.invoice_id
        where l.invoice_id = ?1 and l.original_month = i.month order by l.line_number\
        """,
        invoice);
  }

  /** The rows that a closed month is charged by: of issued invoices, and of what no line shows. */
  Uni<List<ChargedRow>> rows(Mutiny.Session s, ClosedInvoice closed) {
    return rowsOfLines(s, closed.account(), closed.month())
        .chain(
            of ->
                rowsBeside(s, closed.id())
                    .map(beside -> Stream.concat(of.stream(), beside.stream()).toList()));
  }

  private static Uni<List<ChargedRow>> rowsOfLines(
      Mutiny.Session s, UUID account, BillingMonth month) {
    return Rows.select(
            s,
            """
            select cast(i.id as text), l.line_number, cast(l.project_id as text), l.sku,
                   l.price_version, l.tax_type
            from invoice i join invoice_line l on l.invoice_id = i.id
            where i.account_id = ?1 and i.state = 'ISSUED' and l.original_month = ?2
            order by i.month, l.line_number\
            """,
            account,
            month.toString())
        .chain(
            lines ->
                StoredRows.of(s, lines.stream().map(l -> l.uuid(0)).distinct().toList())
                    .map(rows -> charged(lines, rows)));
  }

  private Uni<List<ChargedRow>> rowsBeside(Mutiny.Session s, UUID original) {
    return Rows.select(
            s,
            """
            select cast(r.lines as text), encode(r.document, 'base64')
            from late_usage u join late_usage_rows r on r.late_usage_id = u.id
              left join invoice i on i.id = u.invoice_id
              left join invoice_note n on n.id = u.note_id
            where u.original_id = ?1 and (i.state = 'ISSUED' or n.state = 'ISSUED')
            order by u.ordinal\
            """,
            original)
        .map(rows -> rows.stream().flatMap(this::beside).toList());
  }

  private Stream<ChargedRow> beside(Row r) {
    List<LateChange> lines = read(r.text(0), new TypeReference<>() {});
    return RowsDocument.read(Base64.getMimeDecoder().decode(r.text(1))).stream()
        .map(row -> lines.get(row.line() - 1).charged(row));
  }

  private static List<ChargedRow> charged(List<Row> lines, Map<UUID, List<StoredRow>> rows) {
    var byLine = new HashMap<UUID, Map<Integer, List<StoredRow>>>();
    rows.forEach(
        (invoice, all) ->
            byLine.put(invoice, all.stream().collect(Collectors.groupingBy(StoredRow::line))));
    return lines.stream()
        .flatMap(
            l ->
                byLine
                    .getOrDefault(l.uuid(0), Map.of())
                    .getOrDefault((int) l.number(1), List.of())
                    .stream()
                    .map(row -> charged(l, row)))
        .toList();
  }

  private static ChargedRow charged(Row line, StoredRow row) {
    return new ChargedRow(
        row,
        line.textOrNull(2) == null ? null : new ProjectId(line.uuid(2)),
        line.text(3),
        line.text(4),
        TaxType.valueOf(line.text(5)));
  }

  /**
   * A change that was settled or is on its way to be; the month comes to {@code supplyNow} with it,
   * by tax type unless that was stored when a month had but one.
   */
  record Stored(
      int ordinal,
      boolean isSettled,
      @Nullable UUID invoice,
      @Nullable UUID note,
      Won supplyNow,
      @Nullable Map<TaxType, Long> suppliesNow,
      List<LateChange> changes) {

    /** The same by tax type; {@code usual} is that of a month that has one. */
    Map<TaxType, Won> supplies(TaxType usual) {
      if (suppliesNow == null) {
        return Map.of(usual, supplyNow);
      }
      var supplies = new TreeMap<TaxType, Won>();
      suppliesNow.forEach((type, supply) -> supplies.put(type, new Won(supply)));
      return supplies;
    }
  }

  Uni<List<Stored>> of(Mutiny.Session s, UUID original) {
    return Rows.select(
            s,
            """
            select u.ordinal,
                   case when i.state = 'ISSUED' or n.state = 'ISSUED' then 1 else 0 end,
                   cast(u.invoice_id as text), cast(u.note_id as text), u.supply_now_krw,
                   cast(u.changes as text), cast(u.supplies_now as text)
            from late_usage u
              left join invoice i on i.id = u.invoice_id
              left join invoice_note n on n.id = u.note_id
            where u.original_id = ?1 order by u.ordinal\
            """,
            original)
        .map(rows -> rows.stream().map(this::stored).toList());
  }

  private Stored stored(Row r) {
    return new Stored(
        (int) r.number(0),
        r.number(1) == 1,
        r.textOrNull(2) == null ? null : r.uuid(2),
        r.textOrNull(3) == null ? null : r.uuid(3),
        new Won(r.number(4)),
        r.textOrNull(6) == null ? null : read(r.text(6), new TypeReference<>() {}),
        read(r.text(5), new TypeReference<>() {}));
  }

  private <T> T read(String text, TypeReference<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a closed month took of each promotional credit, corrections included. */
  Uni<List<Row>> burned(Mutiny.Session s, UUID original) {
    return Rows.select(
        s,
        """
        select cast(grant_id as text), amount from credit_burn where invoice_id = ?1
        union all
        select cast(c.grant_id as text), c.amount
        from late_usage_credit c join late_usage u on u.id = c.late_usage_id
          left join invoice i on i.id = u.invoice_id
          left join invoice_note n on n.id = u.note_id
        where u.original_id = ?1 and (i.state = 'ISSUED' or n.state = 'ISSUED')\
        """,
        original);
  }

  /** Of each credit that lapsed, the account's issued invoice of the month in which it did. */
  Uni<Map<UUID, UUID>> lapses(Mutiny.Session s, ClosedInvoice closed) {
    return Rows.select(
            s,
            """
            select cast(g.id as text), cast(l.id as text)
            from invoice c
              join credit_grant g on g.tenant_id = any (c.tenants)
              left join credit_withdrawal w on w.grant_id = g.id
              join invoice l on l.account_id = c.account_id and l.state = 'ISSUED'
                and l.month = to_char(
                  (least(g.expires_at, w.at) - interval '1 microsecond') at time zone 'Asia/Seoul',
                  'YYYY-MM')
            where c.id = ?1\
            """,
            closed.id())
        .map(rows -> rows.stream().collect(Collectors.toMap(r -> r.uuid(0), r -> r.uuid(1))));
  }

  /** What drafts' corrections took of credits when they were rated last; balances count it. */
  Uni<List<Row>> creditsSettledBy(Mutiny.Session s, Collection<UUID> drafts) {
    return Rows.select(
        s,
        """
        select cast(c.grant_id as text), c.amount, cast(u.invoice_id as text)
        from late_usage_credit c join late_usage u on u.id = c.late_usage_id
        where u.invoice_id = any (cast(string_to_array(?1, ',') as uuid[]))\
        """,
        Rows.param(drafts));
  }

  /** The invoices of some accounts' month, by account. */
  Uni<Map<UUID, UUID>> invoices(Mutiny.Session s, Collection<UUID> accounts, BillingMonth month) {
    return Rows.select(
            s,
            """
            select cast(account_id as text), cast(id as text) from invoice
            where account_id = any (cast(string_to_array(?1, ',') as uuid[])) and month || '' = ?2\
            """,
            Rows.param(accounts),
            month.toString())
        .map(rows -> rows.stream().collect(Collectors.toMap(r -> r.uuid(0), r -> r.uuid(1))));
  }

  // ---- settling

  /** By what a change is settled. */
  record Settlement(UUID id, int ordinal, @Nullable UUID invoice, @Nullable UUID note) {}

  Uni<Void> insert(Mutiny.Session s, Found found, Settlement settlement) {
    ClosedInvoice closed = found.month().closed();
    Correction correction = found.correction();
    var supplies = new TreeMap<TaxType, Long>();
    MonthCharge.of(found.now())
        .documents()
        .forEach((type, document) -> supplies.put(type, document.supplyValue().amount()));
    List<LateChange> changes =
        correction.changes().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> LateChange.of(e.getKey(), e.getValue()))
            .toList();
    return Sql.update(
            s,
            """
            insert into late_usage
              (tenant_id, id, account_id, original_id, ordinal, month, outcome, invoice_id,
               note_id, supply_before_krw, vat_before_krw, supply_now_krw, vat_now_krw, changes,
               supplies_now)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, cast(cast(?8 as text) as uuid),
                    cast(cast(?9 as text) as uuid), ?10, ?11, ?12, ?13,
                    cast(cast(?14 as text) as jsonb), cast(cast(?15 as text) as jsonb))\
            """,
            closed.tenant(),
            settlement.id(),
            closed.account(),
            closed.id(),
            settlement.ordinal(),
            closed.month().toString(),
            correction.outcome().name(),
            settlement.invoice() == null ? null : settlement.invoice().toString(),
            settlement.note() == null ? null : settlement.note().toString(),
            correction.supplyBefore().amount(),
            correction.vatBefore().amount(),
            correction.supplyNow().amount(),
            correction.vatNow().amount(),
            write(changes),
            write(supplies))
        .replaceWithVoid();
  }

  /** Writes the rows that no line shows, if there are any. */
  Uni<Void> insertRows(Mutiny.Session s, Found found, Settlement settlement) {
    var lines = new ArrayList<LateChange>();
    var rows = new ArrayList<StoredRow>();
    found
        .beside()
        .forEach(
            (key, changes) -> {
              lines.add(LateChange.of(key, changes.sum()));
              rows.addAll(changes.rows(lines.size(), 0));
            });
    return rows.isEmpty()
        ? Uni.createFrom().voidItem()
        : Sql.update(
                s,
                """
                insert into late_usage_rows (tenant_id, late_usage_id, lines, document)
                values (?1, ?2, cast(cast(?3 as text) as jsonb), decode(?4, 'base64'))\
                """,
                found.month().closed().tenant(),
                settlement.id(),
                write(lines),
                Base64.getEncoder().encodeToString(RowsDocument.write(rows, List.of())))
            .replaceWithVoid();
  }

  Uni<Void> insertCredit(
      Mutiny.Session s, UUID tenant, UUID lateUsage, LateUsage.CreditChange change) {
    return Sql.update(
            s,
            """
            insert into late_usage_credit
              (tenant_id, late_usage_id, grant_id, month, amount, lapsed_on)
            values (?1, ?2, ?3, ?4, ?5, cast(cast(?6 as text) as uuid))\
            """,
            tenant,
            lateUsage,
            change.grant(),
            change.month().toString(),
            change.amount().toString(),
            change.lapsedOn() == null ? null : change.lapsedOn().toString())
        .replaceWithVoid();
  }

  /** Takes back what a draft or a note in review was to settle. */
  Uni<Void> delete(Mutiny.Session s, UUID settledBy) {
    return deleteBelow(s, "late_usage_credit", settledBy)
        .chain(() -> deleteBelow(s, "late_usage_rows", settledBy))
        .chain(
            () ->
                Sql.update(
                    s, "delete from late_usage where invoice_id = ?1 or note_id = ?1", settledBy))
        .replaceWithVoid();
  }

  private static Uni<Integer> deleteBelow(Mutiny.Session s, String table, UUID settledBy) {
    return Sql.update(
        s,
        """
        delete from %s where late_usage_id in (
          select id from late_usage where invoice_id = ?1 or note_id = ?1)\
        """
            .formatted(table),
        settledBy);
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- policies

  Uni<LatePolicyVersion> policy(Mutiny.Session s, UUID account) {
    return Rows.select(
            s,
            """
            select version, way, write_off_below_krw from late_policy where account_id = ?1
            order by version desc limit 1\
            """,
            account)
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(LateUsageRepository::policy)
                    .orElse(LatePolicyVersion.USUAL));
  }

  /** The policies that were set of some accounts; the usual one has no entry. */
  Uni<Map<UUID, LatePolicy>> policies(Mutiny.Session s, Collection<UUID> accounts) {
    return Rows.select(
            s,
            """
            select distinct on (account_id) version, way, write_off_below_krw,
                   cast(account_id as text)
            from late_policy where account_id = any (cast(string_to_array(?1, ',') as uuid[]))
            order by account_id, version desc\
            """,
            Rows.param(accounts))
        .map(
            rows ->
                rows.stream().collect(Collectors.toMap(r -> r.uuid(3), r -> policy(r).policy())));
  }

  private static LatePolicyVersion policy(Row r) {
    return new LatePolicyVersion(
        (int) r.number(0), new LatePolicy(LatePolicy.Way.valueOf(r.text(1)), new Won(r.number(2))));
  }

  Uni<Void> insert(
      Mutiny.Session s, UUID tenant, UUID account, LatePolicyVersion set, String by, Instant at) {
    return Sql.update(
            s,
            """
            insert into late_policy
              (tenant_id, account_id, version, way, write_off_below_krw, set_by, set_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7)\
            """,
            tenant,
            account,
            set.version(),
            set.policy().way().name(),
            set.policy().writeOffBelow().amount(),
            by,
            Rows.param(at))
        .replaceWithVoid();
  }

  static Rational sum(List<Row> burned, UUID grant) {
    return burned.stream()
        .filter(r -> r.uuid(0).equals(grant))
        .map(r -> r.rational(1))
        .reduce(Rational.ZERO, Rational::add);
  }
}
