package dev.gpucloud.billing.closerun;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.engine.AccountStanding;
import dev.gpucloud.billing.invoice.AccountMonthDesk.Step;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of months, walks and how far accounts came. */
@ApplicationScoped
class CloseRunRepository {
  /** A month's invoice says more than the last walk, which may lie behind it. */
  private static final String STANDINGS =
      """
      select cast(a.id as text), a.business_number, a.name, cast(i.id as text), c.reason,
             coalesce(i.state, case when c.standing in ('BLOCKED', 'NOTHING_TO_BILL')
                                    then c.standing end, 'NOT_STARTED') as standing
      from billing_account a
      left join invoice i on i.account_id = a.id and i.month = ?1
      left join close_account c on c.account_id = a.id and c.month = ?1\s""";

  private final Rows rows;

  CloseRunRepository(Rows rows) {
    this.rows = rows;
  }

  /** When a month was closed. */
  record Closed(String by, Instant at) {}

  Uni<Optional<Closed>> closed(Mutiny.Session s, BillingMonth month) {
    return Rows.select(
            s,
            "select closed_by, millis(closed_at) from billing_month where month = ?1 and state = 'CLOSED'",
            month.toString())
        .map(rows -> rows.stream().findFirst().map(r -> new Closed(r.text(0), r.instant(1))));
  }

  /** Opens the month if it is new and begins a walk unless one is under way; then false. */
  Uni<Boolean> begin(Mutiny.Session s, CloseRun run) {
    return Sql.update(
            s,
            "insert into billing_month (month, state) values (?1, 'OPEN') on conflict do nothing",
            run.month().toString())
        .chain(
            () ->
                Sql.update(
                    s,
                    """
                    insert into close_run
                      (id, month, state, started_by, started_name, started_at)
                    values (?1, ?2, 'RUNNING', ?3, ?4, ?5)
                    on conflict (month) where state = 'RUNNING' do nothing""",
                    run.id().value(),
                    run.month().toString(),
                    run.startedBy(),
                    run.startedName(),
                    Rows.param(run.startedAt())))
        .map(n -> n == 1);
  }

  /** The month's newest walk. */
  Uni<Optional<CloseRun>> newest(Mutiny.Session s, BillingMonth month) {
    return Rows.select(
            s,
            "select "
                + CloseRun.COLUMNS
                + "from close_run where month = ?1 order by id desc limit 1",
            month.toString())
        .map(rows -> rows.stream().findFirst().map(CloseRun::of));
  }

  /** The walk that has waited longest. */
  Uni<Optional<CloseRun>> oldestRunning(Mutiny.Session s) {
    return Rows.select(
            s,
            "select "
                + CloseRun.COLUMNS
                + "from close_run where state = 'RUNNING' order by id limit 1")
        .map(rows -> rows.stream().findFirst().map(CloseRun::of));
  }

  /** An account that comes next, and about how many of its runs of the month are in no book. */
  record Next(UUID account, long runs) {}

  /** The next accounts that the walk has not come to, by business number after the given one. */
  Uni<List<Next>> next(Mutiny.Session s, CloseRun run, String after, int limit) {
    return Rows.select(
            s,
            """
            select cast(a.id as text),
                   (select coalesce(sum(m.metered), 0) / 2 from account_tenant t
                      join usage_month m on m.tenant_id = t.tenant_id and m.month = ?2
                    where t.account_id = a.id)
                   - (select coalesce(sum(u.runs), 0) from account_tenant t
                        join usage_day u on u.tenant_id = t.tenant_id
                          and u.day >= cast(cast(?4 as text) as date)
                          and u.day < cast(cast(?5 as text) as date)
                          and u.booked and u.looked = u.version
                      where t.account_id = a.id)
            from billing_account a
            where a.business_number > ?6
              and not exists (select 1 from close_account c
                              where c.month = ?2 and c.account_id = a.id and c.run_id = ?1)
            order by a.business_number limit ?3""",
            run.id().value(),
            run.month().toString(),
            limit,
            run.month().month().atDay(1).toString(),
            run.month().next().month().atDay(1).toString(),
            after)
        .map(rows -> rows.stream().map(r -> new Next(r.uuid(0), r.number(1))).toList());
  }

  /** A row of close_account. */
  private record Came(
      UUID tenantId,
      UUID accountId,
      String month,
      UUID runId,
      String standing,
      @Nullable String reason,
      Instant at) {}

  Uni<Void> came(
      Mutiny.Session s, CloseRun run, List<Account> accounts, Map<UUID, Step> steps, Instant at) {
    List<Came> came =
        accounts.stream()
            .filter(a -> steps.containsKey(a.id()))
            .map(a -> came(run, a, steps.get(a.id()), at))
            .toList();
    return rows.writeAll(
        s,
        """
        insert into close_account
          (tenant_id, account_id, month, run_id, standing, reason, at)
        select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as c (
          "tenantId" uuid, "accountId" uuid, month text, "runId" uuid, standing text, reason text,
          at timestamptz)
        on conflict (month, account_id) do update set run_id = excluded.run_id,
          standing = excluded.standing, reason = excluded.reason, at = excluded.at""",
        came);
  }

  private static Came came(CloseRun run, Account account, Step step, Instant at) {
    return new Came(
        account.owner().value(),
        account.id(),
        run.month().toString(),
        run.id().value(),
        step.standing().name(),
        step.reason(),
        at);
  }

  /** Ends the walk; false when it had ended before. */
  Uni<Boolean> end(Mutiny.Session s, OperationId run, Instant at) {
    return Sql.update(
            s,
            "update close_run set state = 'DONE', done_at = ?2 where id = ?1 and state = 'RUNNING'",
            run.value(),
            Rows.param(at))
        .map(n -> n == 1);
  }

  /** Closes the month for good. */
  Uni<Void> close(Mutiny.Session s, CloseRun run, Instant at) {
    return Sql.update(
            s,
            """
            update billing_month set state = 'CLOSED', closed_by = ?2, closed_at = ?3
            where month = ?1 and state = 'OPEN'""",
            run.month().toString(),
            run.startedName(),
            Rows.param(at))
        .replaceWithVoid();
  }

  /** How many accounts stand where. */
  Uni<List<AccountStanding>> standings(Mutiny.Session s, BillingMonth month) {
    return Rows.select(s, "select standing from (" + STANDINGS + ") as standings", month.toString())
        .map(rows -> rows.stream().map(r -> AccountStanding.valueOf(r.text(0))).toList());
  }

  /** How many accounts the walk has come to. */
  Uni<Long> walked(Mutiny.Session s, CloseRun run) {
    return Rows.select(
            s,
            "select count(*) from close_account where month = ?2 and run_id = ?1",
            run.id().value(),
            run.month().toString())
        .map(rows -> rows.getFirst().number(0));
  }

  /** Where an account of a month stands. */
  record Standing(
      UUID account,
      String businessNumber,
      String name,
      @Nullable UUID invoice,
      @Nullable String reason,
      AccountStanding standing) {
    static Standing of(Row r) {
      return new Standing(
          r.uuid(0),
          r.text(1),
          r.text(2),
          r.textOrNull(3) == null ? null : r.uuid(3),
          r.textOrNull(4),
          AccountStanding.valueOf(r.text(5)));
    }
  }

  /** Accounts by business number after the given one. */
  Uni<List<Standing>> list(
      Mutiny.Session s,
      BillingMonth month,
      @Nullable AccountStanding only,
      String after,
      int limit) {
    return Rows.select(
            s,
            "select * from ("
                + STANDINGS
                + """
                ) as standings
                where business_number > ?2 and (cast(?3 as text) is null or standing = ?3)
                order by business_number limit ?4""",
            month.toString(),
            after,
            only == null ? null : only.name(),
            limit)
        .map(rows -> rows.stream().map(Standing::of).toList());
  }
}
