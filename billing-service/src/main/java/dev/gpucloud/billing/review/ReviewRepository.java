package dev.gpucloud.billing.review;

import dev.gpucloud.billing.review.engine.Anomaly;
import dev.gpucloud.billing.review.engine.BilledMonth;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What reviews read of invoices, and what they leave: looks and comments. */
@ApplicationScoped
class ReviewRepository {
  private static final long SECONDS_PER_HOUR = 3600;
  private static final String HEAD =
      """
      select cast(id as text), cast(tenant_id as text), cast(account_id as text), month, state,
             account_name, business_number, supply_krw, number
      from invoice\s""";

  /** The head of an invoice. */
  record Head(
      UUID id,
      UUID tenant,
      UUID account,
      String month,
      String state,
      String accountName,
      String businessNumber,
      long supplyKrw,
      @Nullable String number) {
    static Head of(Row r) {
      return new Head(
          r.uuid(0),
          r.uuid(1),
          r.uuid(2),
          r.text(3),
          r.text(4),
          r.text(5),
          r.text(6),
          r.number(7),
          r.textOrNull(8));
    }
  }

  /** A month of an account. */
  record AccountMonth(UUID account, String month) {}

  Uni<Optional<Head>> find(Mutiny.Session s, UUID id) {
    return Rows.select(s, HEAD + "where id = ?1", id).map(ReviewRepository::first);
  }

  /** The invoices of accounts' months, as far as there are any. */
  Uni<List<Head>> find(Mutiny.Session s, Collection<AccountMonth> of) {
    return of.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Rows.select(
                s,
                HEAD
                    + """
                    where (account_id, month) in (
                      select * from unnest(cast(string_to_array(?1, ',') as uuid[]),
                                           string_to_array(?2, ',')))""",
                Rows.param(of.stream().map(AccountMonth::account).toList()),
                of.stream().map(AccountMonth::month).collect(Collectors.joining(",")))
            .map(rows -> rows.stream().map(Head::of).toList());
  }

  private static Optional<Head> first(List<Row> rows) {
    return rows.stream().findFirst().map(Head::of);
  }

  /** Invoices that are not issued yet, by id after the given one. */
  Uni<List<Head>> open(Mutiny.Session s, @Nullable String month, @Nullable UUID after, int limit) {
    return Rows.select(
            s,
            HEAD
                + """
                where state <> 'ISSUED' and (cast(?1 as text) is null or month = ?1)
                  and (cast(?2 as text) is null or id > cast(cast(?2 as text) as uuid))
                order by id limit ?3""",
            month,
            after == null ? null : after.toString(),
            limit)
        .map(rows -> rows.stream().map(Head::of).toList());
  }

  /** What the invoices charge for usage of their own month, by SKU. */
  Uni<Map<UUID, BilledMonth>> billed(Mutiny.Session s, Collection<Head> heads) {
    return Rows.select(
            s,
            """
            select cast(l.invoice_id as text), l.sku, l.quantity, l.amount_krw
            from invoice_line l join invoice i on i.id = l.invoice_id
            where l.invoice_id = any (cast(string_to_array(?1, ',') as uuid[]))
              and l.unit <> 'MONTH' and l.original_month = i.month""",
            ids(heads))
        .map(
            rows -> {
              Map<UUID, Map<String, BilledMonth.Use>> skus = new HashMap<>();
              rows.forEach(
                  r ->
                      skus.computeIfAbsent(r.uuid(0), id -> new HashMap<>())
                          .merge(r.text(1), use(r), ReviewRepository::plus));
              return heads.stream()
                  .collect(
                      Collectors.toMap(
                          Head::id,
                          h ->
                              new BilledMonth(h.supplyKrw(), skus.getOrDefault(h.id(), Map.of()))));
            });
  }

  private static String ids(Collection<Head> heads) {
    return Rows.param(heads.stream().map(Head::id).toList());
  }

  private static BilledMonth.Use use(Row r) {
    Rational seconds = r.rational(2).multiply(SECONDS_PER_HOUR);
    return new BilledMonth.Use(seconds.floorToLong(), r.number(3));
  }

  private static BilledMonth.Use plus(BilledMonth.Use a, BilledMonth.Use b) {
    return new BilledMonth.Use(a.gpuSeconds() + b.gpuSeconds(), a.amountKrw() + b.amountKrw());
  }

  /** The anomalies of invoices that somebody looked at; one without has no entry. */
  Uni<Map<UUID, Set<Anomaly>>> looked(Mutiny.Session s, Collection<Head> heads) {
    return Rows.select(
            s,
            """
            select cast(invoice_id as text), code, subject, detail from anomaly_look
            where invoice_id = any (cast(string_to_array(?1, ',') as uuid[]))""",
            ids(heads))
        .map(
            rows ->
                rows.stream()
                    .collect(
                        Collectors.groupingBy(
                            r -> r.uuid(0),
                            Collectors.mapping(
                                r ->
                                    new Anomaly(
                                        Anomaly.Kind.valueOf(r.text(1)), r.text(2), r.text(3)),
                                Collectors.toSet()))));
  }

  /** Who does something. */
  record By(String subject, String name) {}

  Uni<Void> look(
      Mutiny.Session s, Head head, Anomaly anomaly, @Nullable String note, By by, Instant at) {
    return Sql.update(
            s,
            """
            insert into anomaly_look
              (tenant_id, invoice_id, code, subject, detail, note, by_subject, by_name, at)
            values (?1, ?2, ?3, ?4, ?5, cast(?6 as text), ?7, ?8, ?9)
            on conflict do nothing""",
            head.tenant(),
            head.id(),
            anomaly.kind().name(),
            anomaly.subject(),
            anomaly.detail(),
            note,
            by.subject(),
            by.name(),
            Rows.param(at))
        .replaceWithVoid();
  }

  Uni<Void> comment(Mutiny.Session s, Head head, CommentView comment, By by) {
    return Sql.update(
            s,
            """
            insert into invoice_comment
              (tenant_id, id, invoice_id, text, by_subject, by_name, at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7)""",
            head.tenant(),
            UUID.fromString(comment.id()),
            head.id(),
            comment.text(),
            by.subject(),
            by.name(),
            Rows.param(comment.at()))
        .replaceWithVoid();
  }

  /** Comments in the order in which they were made, after the given one. */
  Uni<List<CommentView>> comments(Mutiny.Session s, UUID invoice, @Nullable UUID after, int limit) {
    return Rows.select(
            s,
            """
            select cast(id as text), text, by_name, millis(at) from invoice_comment
            where invoice_id = ?1
              and (cast(?2 as text) is null or id > cast(cast(?2 as text) as uuid))
            order by id limit ?3""",
            invoice,
            after == null ? null : after.toString(),
            limit)
        .map(
            rows ->
                rows.stream()
                    .map(r -> new CommentView(r.text(0), r.text(1), r.text(2), r.instant(3)))
                    .toList());
  }
}
