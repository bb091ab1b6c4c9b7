package dev.gpucloud.kit.tx;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;

/**
 * The connection pool, whose connections keep every prepared statement. The client's own limit of
 * 2,048 characters leaves out those with many columns, and the server then parses and plans them at
 * each use.
 */
@Singleton
class PoolWithLongStatements implements PgPoolCreator {
  private static final int LONGEST = 32 * 1024;

  @Override
  public Pool create(Input input) {
    PgConnectOptions database = input.pgConnectOptionsList().getFirst();
    database.setPreparedStatementCacheSqlLimit(LONGEST);
    return PgBuilder.pool()
        .with(input.poolOptions())
        .connectingTo(database)
        .using(input.vertx())
        .build();
  }
}
