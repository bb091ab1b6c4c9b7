package dev.gpucloud.kit.idempotency;

import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;

/** Removes answers nobody can ask for any more, in bounded portions. */
@ApplicationScoped
class IdempotencyPurge {
  private final Transactions transactions;

  IdempotencyPurge(Transactions transactions) {
    this.transactions = transactions;
  }

  @Scheduled(every = "1h", delayed = "10m")
  Uni<Void> purge() {
    return transactions
        .systemSql(
            c ->
                c.query(
                        """
                        delete from idempotency where id in
                          (select id from idempotency where expires_at < now() limit 10000)""")
                    .execute()
                    .map(RowSet::rowCount))
        .replaceWithVoid();
  }
}
