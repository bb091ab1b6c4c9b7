package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.part.InvoicePart;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Heads of invoices with their numbers and history. */
@ApplicationScoped
class InvoiceRepository {
  Uni<Optional<InvoiceEntity>> find(Mutiny.Session s, UUID id) {
    return s.find(InvoiceEntity.class, id).map(Optional::ofNullable);
  }

  Uni<Optional<InvoiceEntity>> findForUpdate(Mutiny.Session s, UUID id) {
    return s.find(InvoiceEntity.class, id, LockModeType.PESSIMISTIC_WRITE)
        .map(Optional::ofNullable);
  }

  /** Locks invoices, everybody in the same order. */
  Uni<List<InvoiceEntity>> findForUpdate(Mutiny.Session s, Collection<UUID> ids) {
    return s.createQuery("from InvoiceEntity where id in ?1 order by id", InvoiceEntity.class)
        .setParameter(1, ids)
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getResultList();
  }

  Uni<Optional<InvoiceEntity>> findByNumber(Mutiny.Session s, String number) {
    return s.createQuery("from InvoiceEntity where number = ?1", InvoiceEntity.class)
        .setParameter(1, number)
        .getResultList()
        .map(found -> found.stream().findFirst());
  }

  /**
   * The invoices of some accounts' month, by account; each has at most one. Looked up by account: a
   * month that has just been drafted is not in PostgreSQL's statistics yet, and the index of months
   * ("concat", as with {@code month || ''} elsewhere, keeps it away) would be read whole each time.
   */
  Uni<Map<UUID, InvoiceEntity>> findOf(Mutiny.Session s, Collection<UUID> accounts, String month) {
    return s.createQuery(
            "from InvoiceEntity where accountId in ?1 and concat(month, '') = ?2",
            InvoiceEntity.class)
        .setParameter(1, accounts)
        .setParameter(2, month)
        .getResultList()
        .map(found -> found.stream().collect(Collectors.toMap(e -> e.accountId, e -> e)));
  }

  /** What a list may be narrowed to; a tenant to those that charged it. */
  record Filter(
      @Nullable UUID account,
      @Nullable UUID tenant,
      @Nullable String month,
      @Nullable String state) {}

  /** A tenant's own and those of which it has a part, newest first, after the given id. */
  Uni<List<InvoiceEntity>> listOf(
      Mutiny.Session s, UUID tenant, Filter filter, @Nullable UUID after, int limit) {
    return withoutPart(s, tenant).chain(hidden -> list(s, filter, hidden, after, limit));
  }

  /** Invoices of other tenants for the account of a tenant that has no part of them. */
  Uni<List<UUID>> withoutPart(Mutiny.Session s, UUID tenant) {
    return Rows.select(
            s,
            """
            select cast(i.id as text) from invoice i
            where i.tenants @> array[cast(?1 as uuid)] and i.tenant_id <> ?2 and not %s"""
                .formatted(InvoicePart.IS_THERE),
            tenant,
            tenant)
        .map(found -> found.stream().map(r -> r.uuid(0)).toList());
  }

  /** Newest first, after the given id. */
  Uni<List<InvoiceEntity>> list(Mutiny.Session s, Filter filter, @Nullable UUID after, int limit) {
    return list(s, filter, List.of(), after, limit);
  }

  private static Uni<List<InvoiceEntity>> list(
      Mutiny.Session s, Filter filter, List<UUID> hidden, @Nullable UUID after, int limit) {
    var hql = new StringBuilder("from InvoiceEntity where 1 = 1");
    var params = new TreeMap<String, Object>();
    add(hql, params, " and accountId = :account", "account", filter.account());
    add(
        hql,
        params,
        " and (tenantId = :tenant or array_contains(tenants, :tenant))",
        "tenant",
        filter.tenant());
    add(hql, params, " and month = :month", "month", filter.month());
    add(hql, params, " and state = :state", "state", filter.state());
    add(hql, params, " and id < :after", "after", after);
    add(hql, params, " and id not in (:hidden)", "hidden", hidden.isEmpty() ? null : hidden);
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

  /**
   * Serialises everything about some accounts for the rest of the transaction; everybody locks them
   * in the same order.
   */
  Uni<Void> lockAccounts(Mutiny.Session s, Collection<UUID> accounts) {
    return Rows.select(
            s,
            """
            select cast(pg_advisory_xact_lock(hashtextextended(id, 7402)) as text)
            from unnest(string_to_array(?1, ',')) as a (id)""",
            accounts.stream().map(UUID::toString).sorted().collect(Collectors.joining(",")))
        .replaceWithVoid();
  }

  /** Metered events of each tenant stamped up to the end of a month; none is no entry. */
  Uni<Map<UUID, Long>> meteredEvents(
      Mutiny.Session s, Collection<UUID> tenants, BillingMonth through) {
    return Rows.select(
            s,
            """
            select cast(tenant_id as text), cast(sum(metered) as bigint) from usage_month
            where tenant_id = any (cast(string_to_array(?1, ',') as uuid[])) and month <= ?2
            group by tenant_id""",
            Rows.param(tenants),
            through.toString())
        .map(found -> found.stream().collect(Collectors.toMap(r -> r.uuid(0), r -> r.number(1))));
  }

  /**
   * The next numbers of a month, of which the last is answered; its row stays locked until the
   * commit, so no hole can open.
   */
  Uni<Long> takeNumbers(Mutiny.Session s, String month, int many) {
    return Rows.select(
            s,
            """
            insert into invoice_number as n (month, last_number) values (?1, ?2)
            on conflict (month) do update set last_number = n.last_number + excluded.last_number
            returning last_number""",
            month,
            many)
        .map(found -> found.getFirst().number(0));
  }

  /** What a tenant's lines of invoices that are other tenants' documents come to, and notes. */
  Uni<Map<UUID, InvoiceView.Amounts>> parts(
      Mutiny.Session s, UUID tenant, Collection<InvoiceEntity> invoices) {
    List<UUID> shared = invoices.stream().filter(e -> !e.isOf(tenant)).map(e -> e.id).toList();
    return shared.isEmpty()
        ? Uni.createFrom().item(Map.of())
        : Rows.select(
                s,
                """
                select cast(i.id as text),
                       coalesce(sum(coalesce(l.supply_krw, l.amount_krw)), 0),
                       coalesce(sum(l.vat_krw), 0),
                       (select coalesce(sum(m.supply_krw + m.vat_krw), 0)
                        from invoice_note_line m join invoice_note n on n.id = m.note_id
                          join project_ref q on q.project_id = m.project_id
                        where n.invoice_id = i.id and n.state = 'ISSUED'
                          and q.tenant_id = cast(cast(?2 as text) as uuid))
                from invoice i left join invoice_line l on l.invoice_id = i.id and %s
                where i.id = any (cast(string_to_array(?1, ',') as uuid[]))
                group by i.id"""
                    .formatted(InvoicePart.OWN_LINES),
                Rows.param(shared),
                tenant.toString())
            .map(
                found ->
                    found.stream()
                        .collect(
                            Collectors.toMap(
                                r -> r.uuid(0),
                                r ->
                                    InvoiceView.Amounts.ofPart(
                                        r.number(1), r.number(2), r.number(3)))));
  }

  // ---- history

  /** The next entry of each invoice's history. */
  Uni<Void> addHistory(
      Mutiny.Session s,
      List<InvoiceEntity> of,
      String action,
      By by,
      Instant at,
      @Nullable String comment) {
    return Sql.update(
            s,
            """
            insert into invoice_history
              (tenant_id, invoice_id, ordinal, action, state, by_subject, by_name, at, comment)
            select tenant, invoice, 1 + coalesce(
                     (select max(h.ordinal) from invoice_history h where h.invoice_id = invoice), 0),
                   ?4, state, ?5, ?6, ?7, cast(?8 as text)
            from unnest(cast(string_to_array(?1, ',') as uuid[]),
                        cast(string_to_array(?2, ',') as uuid[]),
                        string_to_array(?3, ',')) as d (tenant, invoice, state)""",
            Rows.param(of.stream().map(e -> e.tenantId).toList()),
            Rows.param(of.stream().map(e -> e.id).toList()),
            of.stream().map(e -> e.state).collect(Collectors.joining(",")),
            action,
            by.subject(),
            by.name(),
            Rows.param(at),
            comment)
        .replaceWithVoid();
  }

  /** Who acts. */
  record By(String subject, String name) {}

  Uni<List<Row>> history(Mutiny.Session s, UUID invoice) {
    return Rows.select(
        s,
        """
        select action, state, by_name, millis(at), comment from invoice_history
        where invoice_id = ?1 order by ordinal""",
        invoice);
  }
}
