package dev.gpucloud.tenant.audit;

import dev.gpucloud.tenant.audit.engine.ChainCheck;
import dev.gpucloud.tenant.audit.engine.ChainLink;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** Reads the chain in order, a page at a time. */
final class ChainRows {
  static final int PAGE = 1000;
  private static final String PAGE_SQL =
      """
      select e.sequence, e.category, encode(e.entry_hash, 'hex'), encode(e.hash, 'hex'), c.entry
      from audit_entry e left join audit_content c on c.sequence = e.sequence
      where e.sequence > $1 and e.sequence <= $2 order by e.sequence limit $3""";

  private ChainRows() {}

  /** Rows behind {@code after} and not behind {@code through}, at most {@code limit}. */
  static Uni<List<ChainCheck.Row>> page(SqlConnection c, long after, long through, int limit) {
    return c.preparedQuery(PAGE_SQL)
        .execute(Tuple.of(after, through, limit))
        .map(
            rows -> {
              var page = new ArrayList<ChainCheck.Row>();
              rows.forEach(
                  row ->
                      page.add(
                          new ChainCheck.Row(
                              row.getLong(0),
                              row.getString(1),
                              row.getString(2),
                              row.getString(3),
                              row.getString(4))));
              return page;
            });
  }

  /** The link at a sequence; the start for 0 and when there is none. */
  static Uni<ChainLink> link(SqlConnection c, long sequence) {
    return page(c, sequence - 1, sequence, 1)
        .map(
            rows ->
                rows.isEmpty()
                    ? new ChainLink(sequence, ChainLink.START.hash())
                    : new ChainLink(sequence, rows.getFirst().hash()));
  }
}
