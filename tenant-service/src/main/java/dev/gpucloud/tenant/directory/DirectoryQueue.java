package dev.gpucloud.tenant.directory;

import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.RetryDelay;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The work list. Taking an entry moves its time on by a lease, so a replica that dies leaves it to
 * the others; what changes while it is worked on is taken again, for then more is wanted than done.
 * A member is taken when its organisation is there. What was in step and is only compared again
 * waits for its time and for changes; when it is found to be otherwise and refused, it is behind.
 */
@ApplicationScoped
class DirectoryQueue {
  private static final int LONGEST_PROBLEM = 500;
  private static final String TAKE =
      """
      update directory_entry e set due_at = now() + make_interval(secs => $2)
      from (select d.tenant_id, d.subject from directory_entry d
            where d.done < d.wanted and d.due_at <= now()
              and (d.subject = '' or exists (
                select from directory_entry o
                where o.tenant_id = d.tenant_id and o.subject = '' and o.external_id is not null))
            order by d.checking, d.due_at limit $1 for update of d skip locked) taken
      where e.tenant_id = taken.tenant_id and e.subject = taken.subject
      returning e.tenant_id, e.subject, e.wanted, e.attempts, e.external_id""";
  private static final String DONE =
      """
      update directory_entry set done = $3, attempts = 0, problem = null, synced_at = now(),
        external_id = $4, due_at = case when wanted > $3 then now() else due_at end,
        checking = checking and wanted > $3
      where tenant_id = $1 and subject = $2""";
  private static final String FAILED =
      """
      update directory_entry set attempts = attempts + 1, problem = $3,
        due_at = now() + make_interval(secs => $4),
        changed_at = case when checking then now() else changed_at end, checking = false
      where tenant_id = $1 and subject = $2""";
  private static final String GIVE_BACK =
      "update directory_entry set due_at = now() where tenant_id = $1 and subject = $2";
  private static final String REPAIR =
      """
      with wanted as (
        select tenant_id, '' as subject from tenant
        union all
        select tenant_id, subject from member where active and not starts_with(subject, 'sac_'))
      insert into directory_entry as e (tenant_id, subject, due_at)
      select tenant_id, subject, now() from wanted
      on conflict (tenant_id, subject) do update set wanted = e.wanted + 1, checking = true,
        changed_at = now(), due_at = now() + make_interval(secs => random() * $1)
      where e.done = e.wanted""";

  private final Transactions transactions;
  private final RetryDelay delay;
  private final DirectoryConfig config;

  DirectoryQueue(Transactions transactions, DirectoryConfig config) {
    this.transactions = transactions;
    this.delay = new RetryDelay(config.firstDelay(), config.longestDelay());
    this.config = config;
  }

  Uni<List<DirectoryEntry>> take() {
    return execute(TAKE, Tuple.of((long) config.batchSize(), seconds(config.lease())))
        .map(
            rows -> {
              List<DirectoryEntry> taken = new ArrayList<>();
              rows.forEach(row -> taken.add(entry(row)));
              return taken;
            });
  }

  Uni<Void> done(DirectoryEntry entry, @Nullable String externalId) {
    return execute(DONE, Tuple.of(entry.tenant(), entry.subject(), entry.wanted(), externalId))
        .replaceWithVoid();
  }

  Uni<Void> failed(DirectoryEntry entry, String problem) {
    String cut =
        problem.length() > LONGEST_PROBLEM ? problem.substring(0, LONGEST_PROBLEM) : problem;
    double wait = seconds(delay.after(entry.attempts() + 1));
    return execute(FAILED, Tuple.of(entry.tenant(), entry.subject(), cut, wait)).replaceWithVoid();
  }

  /** Nobody could work on it: neither done nor failed. */
  Uni<Void> giveBack(DirectoryEntry entry) {
    return execute(GIVE_BACK, Tuple.of(entry.tenant(), entry.subject())).replaceWithVoid();
  }

  /** Asks for every organisation and member anew, spread over the interval; new ones at once. */
  Uni<Integer> repair() {
    return execute(REPAIR, Tuple.of(seconds(config.repairInterval()))).map(RowSet::rowCount);
  }

  private Uni<RowSet<Row>> execute(String sql, Tuple parameters) {
    return transactions.systemSql(c -> c.preparedQuery(sql).execute(parameters));
  }

  private static DirectoryEntry entry(Row row) {
    return new DirectoryEntry(
        row.getUUID(0), row.getString(1), row.getLong(2), row.getInteger(3), row.getString(4));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
