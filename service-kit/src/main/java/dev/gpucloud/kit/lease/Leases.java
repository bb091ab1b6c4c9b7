package dev.gpucloud.kit.lease;

import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/**
 * Named leases in PostgreSQL, timed by the database's clock alone, so that holders need not agree
 * on the time. A lease answers who may act; the epoch, checked in the transaction of the act,
 * proves it: whoever reads it {@code for key share} commits before another holder can take the
 * lease, and does not hold up who renews it. A holder that stands still amid taking or renewing
 * loses its transaction soon, so that it does not keep the lease's row from others.
 */
@ApplicationScoped
public class Leases {
  private static final String TAKE =
      """
      with free as materialized (
        select from lease where name = $1 and holder <> $2 and expires_at < now() for update)
      insert into lease (name, holder, epoch, expires_at)
      select $1, $2, 1, now() + make_interval(secs => $3)
      from (select count(*) from free) locked_first
      on conflict (name) do update set
        holder = excluded.holder,
        epoch = case when lease.holder = excluded.holder then lease.epoch else lease.epoch + 1 end,
        expires_at = excluded.expires_at
      where lease.holder = excluded.holder or exists (select from free)
      returning epoch, set_config('idle_in_transaction_session_timeout', '1s', true)""";
  private static final String GIVE_BACK =
      "update lease set expires_at = now() - interval '1 second' where name = $1 and holder = $2";

  private final Transactions transactions;

  Leases(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Takes or renews the lease; empty while somebody else holds it. */
  public Uni<Optional<Lease>> tryAcquire(String name, String holder, Duration length) {
    return transactions.systemSql(
        c ->
            c.preparedQuery(TAKE)
                .execute(Tuple.of(name, holder, length.toMillis() / 1000.0))
                .map(
                    rows ->
                        rows.size() == 0
                            ? Optional.empty()
                            : Optional.of(new Lease(name, rows.iterator().next().getLong(0)))));
  }

  /** Lets another holder take the lease at once. */
  public Uni<Void> release(String name, String holder) {
    return transactions.systemSql(
        c -> c.preparedQuery(GIVE_BACK).execute(Tuple.of(name, holder)).replaceWithVoid());
  }
}
