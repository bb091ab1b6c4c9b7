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
import java.util.HashMap;
import java.util.List;
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

  Uni<Optional<Head>> find(Mutiny.Session s, UUID id) {
    return Rows.select(s, HEAD + "where id = ?1", id).map(ReviewRepository::first);
  }

  Uni<Optional<Head>> find(Mutiny.Session s, UUID account, String month) {
    return Rows.select(s, HEAD + "where account_id = ?1 and month = ?2", account, month)
        .map(ReviewRepository::first);
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

  /** What the invoice charges for usage, by SKU. */
  Uni<BilledMonth> billed(Mutiny.Session s, Head head) {
    return Rows.select(
            s,
            """
            select sku, quantity, amount_krw from invoice_line
            where invoice_id = ?1 and unit <> 'MONTH' and original_month = ?2""",
            head.id(),
            head.month())
        .map(
            rows -> {
              var skus = new HashMap<String, BilledMonth.Use>();
              rows.forEach(r -> skus.merge(r.text(0), use(r), ReviewRepository::plus));
              return new BilledMonth(head.supplyKrw(), skus);
            });
  }

  private static BilledMonth.Use use(Row r) {
    Rational seconds = r.rational(1).multiply(SECONDS_PER_HOUR);
    return new BilledMonth.Use(seconds.floorToLong(), r.number(2));
  }

  private static BilledMonth.Use plus(BilledMonth.Use a, BilledMonth.Use b) {
    return new BilledMonth.Use(a.gpuSeconds() + b.gpuSeconds(), a.amountKrw() + b.amountKrw());
  }

  /** The anomalies of an invoice that somebody looked at. */
  Uni<Set<Anomaly>> looked(Mutiny.Session s, UUID invoice) {
    return Rows.select(
            s, "select code, subject, detail from anomaly_look where invoice_id = ?1", invoice)
        .map(
            rows ->
                rows.stream()
                    .map(r -> new Anomaly(Anomaly.Kind.valueOf(r.text(0)), r.text(1), r.text(2)))
                    .collect(Collectors.toSet()));
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
