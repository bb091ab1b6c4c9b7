package dev.gpucloud.billing.daybook;

import dev.gpucloud.billing.booked.BookedDay;
import dev.gpucloud.billing.booked.BookedDayRepository;
import dev.gpucloud.billing.metering.engine.EndDay;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.billing.statement.engine.BookedUsage;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Finds days to book, what is in them, and keeps their books. */
@ApplicationScoped
class DayBookRepository {
  private final Rows rows;

  DayBookRepository(Rows rows) {
    this.rows = rows;
  }

  /** How much is booked at once: days, and their runs unless the first day has more. */
  record Batch(int days, int runs) {}

  /**
   * Days of months that are not closed, left alone since an instant and not looked at as they are.
   */
  Uni<List<BookedDay>> due(
      Mutiny.Session s, EndDay from, EndDay before, Instant quietSince, Batch most) {
    return Rows.select(
            s,
            """
            with due as materialized (
              select tenant_id, day, version from usage_day
              where looked is distinct from version and day >= cast(cast(?1 as text) as date)
                and day < cast(cast(?2 as text) as date) and changed_at <= ?3
                and to_char(day, 'YYYY-MM') not in (
                  select month from billing_month where state = 'CLOSED')
              order by day, tenant_id limit ?4),
            counted as (
              select d.*, sum(r.runs) over (order by d.day, d.tenant_id) as runs,
                     row_number() over (order by d.day, d.tenant_id) as place
              from due d cross join lateral (
                select count(*) as runs from run
                where tenant_id = d.tenant_id
                  and coalesce(ended_at, 'infinity')
                    > cast(d.day as timestamp) at time zone 'Asia/Seoul'
                  and coalesce(ended_at, 'infinity')
                    <= (d.day + interval '1 day') at time zone 'Asia/Seoul' offset 0) r)
            select cast(tenant_id as text), cast(day as text), version from counted
            where place = 1 or runs <= ?5 order by place""",
            from.toString(),
            before.toString(),
            Rows.param(quietSince),
            most.days(),
            most.runs())
        .map(found -> found.stream().map(DayBookRepository::day).toList());
  }

  private static BookedDay day(Row r) {
    return new BookedDay(r.uuid(0), new EndDay(LocalDate.parse(r.text(1))), r.number(2));
  }

  /** The runs that ended on each day. */
  Uni<Map<BookedDay, Set<UUID>>> runs(Mutiny.Session s, List<BookedDay> days) {
    return Rows.select(
            s,
            """
            with w as materialized (
              select tenant_id, day, version, cast(day as timestamp) at time zone 'Asia/Seoul' as after_at,
                     (day + interval '1 day') at time zone 'Asia/Seoul' as through_at
              from unnest(cast(string_to_array(?1, ',') as uuid[]),
                          cast(string_to_array(?2, ',') as date[]),
                          cast(string_to_array(?3, ',') as bigint[]))
                as g (tenant_id, day, version))
            select cast(w.tenant_id as text), cast(w.day as text), w.version, cast(r.run_id as text)
            from w cross join lateral (
              select run_id from run
              where tenant_id = w.tenant_id and coalesce(ended_at, 'infinity') > w.after_at
                and coalesce(ended_at, 'infinity') <= w.through_at offset 0) r""",
            BookedDayRepository.params(days))
        .map(
            found ->
                found.stream()
                    .collect(
                        Collectors.groupingBy(
                            DayBookRepository::day,
                            Collectors.mapping(r -> r.uuid(3), Collectors.toSet()))));
  }

  /** Who pays for some tenants. */
  Uni<List<UUID>> accountsOf(Mutiny.Session s, List<UUID> tenants) {
    return Rows.select(
            s,
            """
            select distinct cast(account_id as text) from account_tenant
            where tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))""",
            Rows.param(tenants))
        .map(found -> found.stream().map(r -> r.uuid(0)).toList());
  }

  /**
   * What a look at a day found.
   *
   * @param book null when the day has to be read run by run
   * @param runs that are in it
   * @param silent those that no agent ever reported
   */
  record Looked(BookedDay day, @Nullable Book book, int runs, int silent) {}

  /** A day's sums, what each rests on, and the document of its rows. */
  record Book(List<Based> usage, byte[] rows) {
    /** A sum and what its price rests on. */
    record Based(BookedUsage usage, String basis) {}
  }

  /** A row of usage_day_line. */
  private record Line(
      UUID tenantId,
      String day,
      int ordinal,
      UUID projectId,
      String sku,
      String priceVersion,
      String unitKrw,
      long unitMillis,
      String basis,
      String lastUse) {}

  /** Keeps what was found of days that nothing came for meanwhile, by a few statements. */
  Uni<Void> keep(Mutiny.Session s, List<Looked> all) {
    Object[] days = BookedDayRepository.params(all.stream().map(Looked::day).toList());
    Base64.Encoder base64 = Base64.getEncoder();
    return Rows.select(
            s,
            """
            with d as materialized (
              select * from unnest(
                cast(string_to_array(?1, ',') as uuid[]), cast(string_to_array(?2, ',') as date[]),
                cast(string_to_array(?3, ',') as bigint[]), cast(string_to_array(?4, ',') as int[]),
                cast(string_to_array(?5, ',') as int[]), string_to_array(?6, ',', ''))
                  as d (tenant_id, day, version, silent, runs, rows)),
            locked as (
              select u.tenant_id, u.day, u.version from usage_day u join d using (tenant_id, day)
              order by u.tenant_id, u.day for update of u),
            kept as (
              insert into usage_day_rows (tenant_id, day, version, rows)
              select d.tenant_id, d.day, d.version, decode(d.rows, 'base64')
              from d join locked using (tenant_id, day, version) where d.rows is not null)
            update usage_day u set looked = d.version, booked = d.rows is not null,
              silent = d.silent, runs = d.runs
            from d join locked l using (tenant_id, day, version)
            where u.tenant_id = d.tenant_id and u.day = d.day and u.version = d.version
            returning cast(u.tenant_id as text), cast(u.day as text), u.version""",
            days[0],
            days[1],
            days[2],
            all.stream().map(l -> Integer.toString(l.silent())).collect(Collectors.joining(",")),
            all.stream().map(l -> Integer.toString(l.runs())).collect(Collectors.joining(",")),
            all.stream()
                .map(l -> l.book() == null ? "" : base64.encodeToString(l.book().rows()))
                .collect(Collectors.joining(",")))
        .chain(
            kept -> {
              Set<BookedDay> same =
                  kept.stream().map(DayBookRepository::day).collect(Collectors.toSet());
              return lines(s, all.stream().filter(l -> same.contains(l.day())).toList());
            });
  }

  private Uni<Void> lines(Mutiny.Session s, List<Looked> kept) {
    if (kept.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Object[] days = BookedDayRepository.params(kept.stream().map(Looked::day).toList());
    return Sql.update(
            s,
            """
            delete from usage_day_line where (tenant_id, day) in (
              select * from unnest(cast(string_to_array(?1, ',') as uuid[]),
                                   cast(string_to_array(?2, ',') as date[])))""",
            days[0],
            days[1])
        .chain(
            () ->
                rows.writeAll(
                    s,
                    """
                    insert into usage_day_line
                      (tenant_id, day, ordinal, project_id, sku, price_version, unit_krw,
                       unit_millis, basis, last_use)
                    select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as l (
                      "tenantId" uuid, day date, ordinal int, "projectId" uuid, sku text,
                      "priceVersion" text, "unitKrw" text, "unitMillis" bigint, basis text,
                      "lastUse" text)""",
                    kept.stream().flatMap(l -> lines(l).stream()).toList()));
  }

  private static List<Line> lines(Looked of) {
    List<Line> lines = new ArrayList<>();
    if (of.book() != null) {
      for (Book.Based each : of.book().usage()) {
        BookedUsage usage = each.usage();
        lines.add(
            new Line(
                of.day().tenant(),
                of.day().day().toString(),
                lines.size(),
                usage.project().value(),
                usage.sku(),
                usage.version(),
                usage.unitPriceKrwPerHour().toString(),
                usage.unitMillis(),
                each.basis(),
                BookedDayRepository.text(usage.last())));
      }
    }
    return lines;
  }
}
