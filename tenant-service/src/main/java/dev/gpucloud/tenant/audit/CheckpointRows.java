package dev.gpucloud.tenant.audit;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows of checkpoints and of the keys that signed them. */
final class CheckpointRows {
  private static final String COLUMNS =
      "select count, encode(hash, 'hex'), at, key_id, encode(signature, 'base64') from audit_checkpoint ";

  private CheckpointRows() {}

  static Uni<Void> insert(SqlConnection c, Checkpoint checkpoint, String publicKey) {
    return c.preparedQuery(
            "insert into audit_key (key_id, public_key) values ($1, $2) on conflict do nothing")
        .execute(Tuple.of(checkpoint.keyId(), publicKey))
        .chain(
            () ->
                c.preparedQuery(
                        """
                        insert into audit_checkpoint (count, hash, at, key_id, signature)
                        values ($1, decode($2, 'hex'), $3, $4, decode($5, 'base64')) on conflict do nothing""")
                    .execute(
                        Tuple.of(
                            checkpoint.count(),
                            checkpoint.hash(),
                            checkpoint.at().atOffset(ZoneOffset.UTC),
                            checkpoint.keyId(),
                            checkpoint.signature())))
        .replaceWithVoid();
  }

  /** The newest ones, newest first. */
  static Uni<List<Checkpoint>> newest(SqlConnection c, int limit) {
    return c.preparedQuery(COLUMNS + "order by count desc limit $1")
        .execute(Tuple.of(limit))
        .map(CheckpointRows::read);
  }

  /** Those with a count in (from, through], ascending. */
  static Uni<List<Checkpoint>> between(SqlConnection c, long from, long through) {
    return c.preparedQuery(COLUMNS + "where count > $1 and count <= $2 order by count")
        .execute(Tuple.of(from, through))
        .map(CheckpointRows::read);
  }

  /** Public keys by id. */
  static Uni<Map<String, String>> keys(SqlConnection c) {
    return c.query("select key_id, public_key from audit_key order by first_used")
        .execute()
        .map(
            rows -> {
              var keys = new HashMap<String, String>();
              rows.forEach(row -> keys.put(row.getString(0), row.getString(1)));
              return keys;
            });
  }

  private static List<Checkpoint> read(RowSet<Row> rows) {
    var checkpoints = new ArrayList<Checkpoint>();
    rows.forEach(
        row ->
            checkpoints.add(
                new Checkpoint(
                    row.getLong(0),
                    row.getString(1),
                    row.getOffsetDateTime(2).toInstant(),
                    row.getString(3),
                    row.getString(4).replace("\n", ""))));
    return checkpoints;
  }
}
