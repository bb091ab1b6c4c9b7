package dev.gpucloud.billing.correction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.correction.engine.LatePolicy;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
      with pooled as (
        select cast(?1 as uuid) as account_id
        union select unnest(p.accounts) from tier_pool p where cast(?1 as uuid) = any (p.accounts)),
      deciding as (
        select t.tenant_id from account_tenant t join pooled using (account_id)
        union select unnest(i.tenants) from invoice i join pooled using (account_id)),
      arrived as (
        select e.tenant_id, e.received_at,
               least(e.at, min(e.at) filter (where e.type = 'instance.stopped')
                             over (partition by e.run_id)) as touches
        from instance_event e
        where e.tenant_id = any (array(select tenant_id from deciding))
          and e.type in ('instance.started', 'instance.moved', 'instance.resized',
                         'instance.stopped')),
      by_month as (
        select to_char(touches at time zone 'Asia/Seoul', 'YYYY-MM') as month,
               max(received_at) as last_at
        from arrived group by 1
        union all
        select w.month, coalesce(max(e.received_at), now())
        from close_waiver w
          join run r on 'run_' || r.run_id = w.subject
          left join run_heartbeat h on h.run_id = r.run_id
          left join instance_event e on e.run_id = r.run_id and e.type = 'instance.stopped'
        where w.account_id = cast(?1 as uuid) and w.code = 'RUN_WITHOUT_PROOF' and w.state = 'CONFIRMED'
          and greatest(r.ended_at, h.alive_through)
            > (to_date(w.month, 'YYYY-MM') + interval '1 month') at time zone 'Asia/Seoul'
              - interval '1 second'
        group by w.month, r.run_id)
      select cast(i.id as text), cast(i.tenant_id as text), cast(i.account_id as text), i.number,
             i.month, i.mode, i.supply_krw, i.vat_krw, millis(i.issued_at),
             millis(l.last_at),
             cast(extract(day from now() - l.last_at) as int)
      from invoice i
        join lateral (
          select max(b.last_at) as last_at from by_month b
          where b.month <= i.month
            and b.last_at > coalesce(i.closed_at, '-infinity') - interval '10 minutes') l
        on l.last_at is not null
      where i.account_id = cast(?1 as uuid) and i.state = 'ISSUED' and i.month < ?2
        and not exists (
          select from invoice_note n
          where n.invoice_id = i.id and n.state = 'ISSUED' and n.reason in (4, 6))
      order by i.month\
      """;

  private final ObjectMapper json;

  LateUsageRepository(ObjectMapper json) {
    this.json = json;
  }

  /**
   * The account's issued invoices of months before, that events came late for: of its tenants, past
   * and present, and of those of accounts that were ever pooled with it.
   */
  Uni<List<ClosedInvoice>> late(Mutiny.Session s, UUID account, String beforeMonth) {
    return Rows.select(s, LATE, account, beforeMonth)
        .map(rows -> rows.stream().map(LateUsageRepository::closed).toList());
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

  /** The rows that issued invoices of the account charge for a month, corrections included. */
  Uni<List<Row>> rows(Mutiny.Session s, UUID account, BillingMonth month) {
    return Rows.select(
        s,
        """
        select cast(r.invoice_id as text), r.line_number, r.row_number, cast(r.run_id as text),
               millis(r.start_at), millis(r.end_at), r.category, r.share, r.price_version,
               r.exact_amount, cast(l.project_id as text), l.sku, l.price_version, l.tax_type
        from invoice i
          join invoice_line l on l.invoice_id = i.id
          join rated_row r on r.invoice_id = l.invoice_id and r.line_number = l.line_number
        where i.account_id = ?1 and i.state = 'ISSUED' and l.original_month = ?2
        order by i.month, r.line_number, r.row_number\
        """,
        account,
        month.toString());
  }

  /** A change that was settled or is on its way to be. */
  record Stored(
      int ordinal,
      boolean isSettled,
      @Nullable UUID invoice,
      @Nullable UUID note,
      Won supplyNow,
      List<LateChange> changes) {}

  Uni<List<Stored>> of(Mutiny.Session s, UUID original) {
    return Rows.select(
            s,
            """
            select u.ordinal,
                   case when i.state = 'ISSUED' or n.state = 'ISSUED' then 1 else 0 end,
                   cast(u.invoice_id as text), cast(u.note_id as text), u.supply_now_krw,
                   cast(u.changes as text)
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
        changes(r.text(5)));
  }

  private List<LateChange> changes(String text) {
    try {
      return json.readValue(text, new TypeReference<>() {});
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

  /** What a draft's corrections took of credits when it was rated last; balances count it. */
  Uni<List<Row>> creditsSettledBy(Mutiny.Session s, UUID draft) {
    return Rows.select(
        s,
        """
        select cast(c.grant_id as text), c.amount
        from late_usage_credit c join late_usage u on u.id = c.late_usage_id
        where u.invoice_id = ?1\
        """,
        draft);
  }

  // ---- settling

  /** By what a change is settled. */
  record Settlement(UUID id, int ordinal, @Nullable UUID invoice, @Nullable UUID note) {}

  Uni<Void> insert(
      Mutiny.Session s, ClosedInvoice closed, Correction correction, Settlement settlement) {
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
               note_id, supply_before_krw, vat_before_krw, supply_now_krw, vat_now_krw, changes)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, cast(cast(?8 as text) as uuid),
                    cast(cast(?9 as text) as uuid), ?10, ?11, ?12, ?13,
                    cast(cast(?14 as text) as jsonb))\
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
            write(changes))
        .replaceWithVoid();
  }

  Uni<Void> insertCredit(
      Mutiny.Session s, UUID tenant, UUID lateUsage, LateUsage.CreditChange change) {
    return Sql.update(
            s,
            """
            insert into late_usage_credit (tenant_id, late_usage_id, grant_id, month, amount)
            values (?1, ?2, ?3, ?4, ?5)\
            """,
            tenant,
            lateUsage,
            change.grant(),
            change.month().toString(),
            change.amount().toString())
        .replaceWithVoid();
  }

  /** Takes back what a draft or a note in review was to settle. */
  Uni<Void> delete(Mutiny.Session s, UUID settledBy) {
    return Sql.update(
            s,
            """
            delete from late_usage_credit where late_usage_id in (
              select id from late_usage where invoice_id = ?1 or note_id = ?1)\
            """,
            settledBy)
        .chain(
            () ->
                Sql.update(
                    s, "delete from late_usage where invoice_id = ?1 or note_id = ?1", settledBy))
        .replaceWithVoid();
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
