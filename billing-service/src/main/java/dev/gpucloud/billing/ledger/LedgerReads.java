package dev.gpucloud.billing.ledger;

import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads the books: lines of postings in the order of their transactions, and what they sum to. */
@ApplicationScoped
class LedgerReads {
  private static final String LINES =
      """
      select cast(t.id as text), t.document, t.kind, t.version, cast(t.corrects as text),
             cast(t.tenant_id as text), t.posted_by, millis(t.posted_at), e.ordinal, e.account,
             e.amount_krw, t.posted_by_name
      from ledger_transaction t join ledger_entry e on e.transaction_id = t.id
      where t.posted_at >= ?1 and t.posted_at < ?2
        and (cast(?3 as text) is null or t.document = ?3)
        and (cast(?4 as text) is null
             or (t.id, e.ordinal) > (cast(cast(?4 as text) as uuid), cast(?5 as int)))
      order by t.id, e.ordinal limit ?6""";

  /** A line of a posting; a debit is positive. */
  record Line(
      UUID transaction,
      String document,
      String kind,
      int version,
      @Nullable UUID corrects,
      UUID tenant,
      String postedBy,
      @Nullable String postedByName,
      Instant postedAt,
      int ordinal,
      String account,
      long amountKrw) {
    static Line of(Row r) {
      return new Line(
          r.uuid(0),
          r.text(1),
          r.text(2),
          (int) r.number(3),
          r.textOrNull(4) == null ? null : r.uuid(4),
          r.uuid(5),
          r.text(6),
          r.textOrNull(11),
          r.instant(7),
          (int) r.number(8),
          r.text(9),
          r.number(10));
    }
  }

  /** Which lines: of what was posted in {@code [from, to)}, of one document if named. */
  record Filter(Instant from, Instant to, @Nullable String document) {}

  /** After which line a page begins. */
  record Position(UUID transaction, int ordinal) {}

  Uni<List<Line>> lines(Mutiny.Session s, Filter filter, @Nullable Position after, int limit) {
    return Rows.select(
            s,
            LINES,
            Rows.param(filter.from()),
            Rows.param(filter.to()),
            filter.document(),
            after == null ? null : after.transaction().toString(),
            after == null ? 0 : after.ordinal(),
            limit)
        .map(rows -> rows.stream().map(Line::of).toList());
  }

  /** What an account came to; the credit is positive as well. */
  record Balance(String account, long debitKrw, long creditKrw) {}

  /** The accounts that have lines posted before an instant. */
  Uni<List<Balance>> balances(Mutiny.Session s, Instant before) {
    return Rows.select(
            s,
            """
            select e.account, cast(coalesce(sum(e.amount_krw) filter (where e.amount_krw > 0), 0)
                                   as bigint),
                   cast(coalesce(-sum(e.amount_krw) filter (where e.amount_krw < 0), 0) as bigint)
            from ledger_entry e join ledger_transaction t on t.id = e.transaction_id
            where t.posted_at < ?1 group by e.account order by e.account""",
            Rows.param(before))
        .map(
            rows ->
                rows.stream().map(r -> new Balance(r.text(0), r.number(1), r.number(2))).toList());
  }
}
