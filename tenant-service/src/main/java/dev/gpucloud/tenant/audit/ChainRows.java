package dev.gpucloud.tenant.audit;

import dev.gpucloud.tenant.audit.engine.ChainCheck;
import dev.gpucloud.tenant.audit.engine.ChainLink;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the chain in order, a page at a time. */
final class ChainRows {
  static final int PAGE = 1000;
  private static final String PAGE_SQL =
      """
      select e.sequence, e.category, encode(e.entry_hash, 'hex'), encode(e.hash, 'hex'), c.entry
      from audit_entry e left join audit_content c on c.sequence = e.sequence
      where e.sequence > $1 and e.sequence <= $2 order by e.sequence limit $3""";

  private static final String SEARCH_SQL =
      """
      select sequence, tenant_id, at, actor, actor_name, action, target_type, target_id, request_id,
        result
      from audit_content where sequence > $1 and sequence <= $2""";

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

  /** What entries behind {@code after} and not behind {@code through} are found by. */
  static Uni<Map<Long, SearchColumns>> searchColumns(SqlConnection c, long after, long through) {
    return c.preparedQuery(SEARCH_SQL)
        .execute(Tuple.of(after, through))
        .map(
            rows -> {
              var columns = new HashMap<Long, SearchColumns>();
              rows.forEach(
                  row ->
                      columns.put(
                          row.getLong(0),
                          new SearchColumns(
                              row.getUUID(1),
                              row.getOffsetDateTime(2).toInstant(),
                              row.getString(3),
                              row.getString(4),
                              row.getString(5),
                              row.getString(6),
                              row.getString(7),
                              row.getString(8),
                              row.getString(9))));
              return columns;
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
