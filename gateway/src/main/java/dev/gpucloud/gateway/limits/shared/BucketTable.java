package dev.gpucloud.gateway.limits.shared;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Buckets as rows of PostgreSQL, timed by its clock alone: a row says when its bucket would be full
 * if nobody took from it any more. One connection, made anew after every failure; everything here
 * runs on one event loop.
 */
final class BucketTable implements BucketStore {
  private static final String TELL =
      """
      with clock as materialized (
        select (extract(epoch from clock_timestamp()) * 1000000000)::bigint as nanos
      ), seen as (
        insert into limits_replica (id, seen_at) values ($1, clock_timestamp())
        on conflict (id) do update set seen_at = excluded.seen_at
      ), told as (
        insert into limits_bucket as b (id, full_at_nanos, owed_nanos, window_nanos)
        select debt.id, clock.nanos + debt.owed_nanos, debt.owed_nanos, debt.window_nanos
        from clock, unnest($2::uuid[], $3::bigint[], $4::bigint[])
          as debt (id, owed_nanos, window_nanos)
        order by debt.id
        on conflict (id) do update set
          full_at_nanos = least(
            greatest(b.full_at_nanos + excluded.owed_nanos, excluded.full_at_nanos),
            excluded.full_at_nanos - excluded.owed_nanos + 2 * excluded.window_nanos),
          owed_nanos = excluded.owed_nanos,
          window_nanos = excluded.window_nanos
        returning id, full_at_nanos
      )
      select
        (select count(*) from limits_replica
         where id <> $1 and seen_at > clock_timestamp() - $5::bigint * interval '1 millisecond') + 1,
        array_agg(told.id),
        array_agg(told.full_at_nanos - clock.nanos)
      from told, clock""";
  private static final String SWEEP =
      """
      with swept as (
        delete from limits_replica where seen_at < clock_timestamp() - interval '1 hour'
      )
      delete from limits_bucket where id in (
        select id from limits_bucket
        where full_at_nanos < (extract(epoch from clock_timestamp()) * 1000000000)::bigint
        limit 5000
        for update skip locked)""";
  private static final String LEAVE = "delete from limits_replica where id = $1";

  private final Vertx vertx;
  private final PgConnectOptions options;
  private final Duration patience;
  private final Duration life;
  private final UUID replica = UUID.randomUUID();
  private @Nullable Future<PgConnection> open;

  /**
   * Waits for answers so long, and takes other replicas for dead that told nothing for {@code
   * life}.
   */
  BucketTable(Vertx vertx, PgConnectOptions options, Duration patience, Duration life) {
    this.vertx = vertx;
    this.options =
        new PgConnectOptions(options)
            .setCachePreparedStatements(true)
            .addProperty("application_name", "gateway")
            .addProperty("search_path", "public")
            .addProperty("client_min_messages", "warning")
            .addProperty("statement_timeout", Long.toString(patience.toMillis()));
    this.patience = patience;
    this.life = life;
  }

  @Override
  public Future<Answer> tell(List<Debt> debts) {
    Tuple values =
        Tuple.of(
            replica,
            debts.stream().map(Debt::bucket).toArray(UUID[]::new),
            debts.stream().map(Debt::owedNanos).toArray(Long[]::new),
            debts.stream().map(Debt::windowNanos).toArray(Long[]::new),
            life.toMillis());
    return ask(TELL, values).map(BucketTable::answer);
  }

  @Override
  public Future<Void> sweep() {
    return ask(SWEEP, Tuple.tuple()).mapEmpty();
  }

  @Override
  public Future<Void> leave() {
    return ask(LEAVE, Tuple.of(replica)).onSuccess(gone -> hangUp()).mapEmpty();
  }

  private static Answer answer(RowSet<Row> rows) {
    Row row = rows.iterator().next();
    UUID[] ids = row.getArrayOfUUIDs(1);
    Long[] untilFull = row.getArrayOfLongs(2);
    Map<UUID, Long> nanosUntilFull = new HashMap<>();
    for (int i = 0; ids != null && i < ids.length; i++) {
      nanosUntilFull.put(ids[i], untilFull[i]);
    }
    return new Answer(Math.toIntExact(row.getLong(0)), nanosUntilFull);
  }

  private Future<RowSet<Row>> ask(String sql, Tuple values) {
    return connected()
        .compose(connection -> connection.preparedQuery(sql).execute(values))
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> hangUp());
  }

  private Future<PgConnection> connected() {
    Future<PgConnection> known = open;
    if (known == null) {
      known = PgConnection.connect(vertx, options).compose(this::prepared);
      open = known;
    }
    return known;
  }

  private Future<PgConnection> prepared(PgConnection connection) {
    return BucketSchema.apply(connection).map(connection).onFailure(failure -> connection.close());
  }

  /** What the connection still waits for is not heard; its server may be hanging. */
  private void hangUp() {
    Future<PgConnection> broken = open;
    open = null;
    if (broken != null) {
      broken.onSuccess(PgConnection::close);
    }
  }
}
