package dev.gpucloud.billing.credit;

import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads what issued invoices and notes have made of promotional credits. */
@ApplicationScoped
class CreditBalances {
  private static final UUID FIRST = new UUID(0, 0);

  /** A row a month that used a credit; drafts do not count. */
  private static final String BALANCES =
      """
      with shown as materialized (
        select g.*, w.at as withdrawn_at
        from credit_grant g left join credit_withdrawal w on w.grant_id = g.id
        where g.tenant_id = ?1 and g.id > ?2 order by g.id limit ?3)
      select cast(g.id as text), g.name, g.priority, cast(g.amount_krw as text),
             millis(g.valid_from), millis(least(g.expires_at, g.withdrawn_at)),
             b.month, b.amount, b.lapsed
      from shown g left join (
        select c.grant_id, c.month, c.amount, c.lapsed
        from credit_burn c join invoice i on i.id = c.invoice_id
        where i.state = 'ISSUED'
        union all
        select c.grant_id, c.month, c.amount,
               case when c.lapsed_on is null then '0'
                    when c.amount like '-%' then substr(c.amount, 2) else '-' || c.amount end
        from late_usage_credit c join late_usage u on u.id = c.late_usage_id
          left join invoice i on i.id = u.invoice_id
          left join invoice_note n on n.id = u.note_id
        where i.state = 'ISSUED' or n.state = 'ISSUED') b on b.grant_id = g.id
      order by g.id, b.month\
      """;

  /** A credit, and what each month used of it; exact. */
  record Balance(
      UUID id,
      String name,
      int priority,
      Rational given,
      Rational lapsed,
      Instant validFrom,
      @Nullable Instant expiresAt,
      SortedMap<String, Rational> months) {

    Rational used() {
      return months.values().stream().reduce(Rational.ZERO, Rational::add);
    }

    Rational left() {
      return given.subtract(used()).subtract(lapsed);
    }
  }

  /** A tenant's credits in the order in which they were given, after the given one. */
  Uni<List<Balance>> of(Mutiny.Session s, TenantId tenant, @Nullable UUID after, int limit) {
    return Rows.select(s, BALANCES, tenant.value(), after == null ? FIRST : after, limit)
        .map(CreditBalances::balances);
  }

  private static List<Balance> balances(List<Row> rows) {
    Map<UUID, List<Row>> byId = new LinkedHashMap<>();
    rows.forEach(r -> byId.computeIfAbsent(r.uuid(0), id -> new ArrayList<>()).add(r));
    return byId.values().stream().map(CreditBalances::balance).toList();
  }

  private static Balance balance(List<Row> rows) {
    Row first = rows.getFirst();
    SortedMap<String, Rational> months = new TreeMap<>();
    Rational lapsed = Rational.ZERO;
    for (Row r : rows) {
      if (r.textOrNull(6) != null) {
        months.merge(r.text(6), r.rational(7), Rational::add);
        lapsed = lapsed.add(r.rational(8));
      }
    }
    months.values().removeIf(Rational::isZero);
    return new Balance(
        first.uuid(0),
        first.text(1),
        (int) first.number(2),
        first.rational(3),
        lapsed,
        first.instant(4),
        first.instantOrNull(5),
        months);
  }
}
