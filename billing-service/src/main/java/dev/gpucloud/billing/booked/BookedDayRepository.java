package dev.gpucloud.billing.booked;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.metering.engine.EndDay;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.billing.statement.engine.BookedUsage;
import dev.gpucloud.billing.statement.engine.LastUse;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads books that hold: of days that nothing came for since they were made. */
@ApplicationScoped
public class BookedDayRepository {
  /** Columns of days, as {@link #params} gives them: parameters 1 to 3. */
  private static final String GIVEN =
      """
      unnest(cast(string_to_array(?1, ',') as uuid[]), cast(string_to_array(?2, ',') as date[]),
             cast(string_to_array(?3, ',') as bigint[])) as g (tenant_id, day, version)""";

  private static final Pattern SEPARATOR = Pattern.compile("\u001f");

  /** What is booked of the month of some accounts; of one without books there is no entry. */
  public Uni<Map<UUID, Booked>> of(Mutiny.Session s, List<Account> accounts, BillingMonth month) {
    List<UUID> tenants = accounts.stream().flatMap(a -> a.tenantIds().stream()).toList();
    return days(s, tenants, month)
        .chain(days -> sums(s, days).map(sums -> booked(accounts, days, sums)));
  }

  private static Map<UUID, Booked> booked(
      List<Account> accounts, List<BookedDay> days, Map<UUID, List<Booked.Sum>> sums) {
    Map<UUID, List<BookedDay>> byTenant =
        days.stream().collect(Collectors.groupingBy(BookedDay::tenant));
    return accounts.stream()
        .filter(a -> a.tenantIds().stream().anyMatch(byTenant::containsKey))
        .collect(
            Collectors.toMap(
                Account::id,
                a -> new Booked(all(a.tenantIds(), byTenant), all(a.tenantIds(), sums))));
  }

  private static <T> List<T> all(List<UUID> tenants, Map<UUID, List<T>> byTenant) {
    return tenants.stream().flatMap(t -> byTenant.getOrDefault(t, List.of()).stream()).toList();
  }

  /** The days of a month that are booked, of some tenants. */
  private static Uni<List<BookedDay>> days(
      Mutiny.Session s, Collection<UUID> tenants, BillingMonth month) {
    return tenants.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Rows.select(
                s,
                """
                select cast(tenant_id as text), cast(day as text), version from usage_day
                where tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
                  and day >= cast(cast(?2 as text) as date) and day < cast(cast(?3 as text) as date)
                  and booked and looked = version""",
                Rows.param(tenants),
                month.month().atDay(1).toString(),
                month.next().month().atDay(1).toString())
            .map(rows -> rows.stream().map(BookedDayRepository::day).toList());
  }

  private static BookedDay day(Row r) {
    return new BookedDay(r.uuid(0), new EndDay(LocalDate.parse(r.text(1))), r.number(2));
  }

  /** What the days come to, by tenant; those whose books do not hold any more are left out. */
  private static Uni<Map<UUID, List<Booked.Sum>>> sums(Mutiny.Session s, List<BookedDay> days) {
    return days.isEmpty()
        ? Uni.createFrom().item(Map.of())
        : Rows.select(
                s,
                """
                select cast(l.tenant_id as text), cast(l.project_id as text), l.sku,
                       l.price_version, l.unit_krw, l.basis, cast(sum(l.unit_millis) as bigint),
                       max(l.last_use), cast(min(l.day) as text), cast(max(l.day) as text)
                from %s
                  join usage_day u on u.tenant_id = g.tenant_id and u.day = g.day
                    and u.version = g.version and u.looked = g.version and u.booked
                  join usage_day_line l on l.tenant_id = g.tenant_id and l.day = g.day
                group by l.tenant_id, l.project_id, l.sku, l.price_version, l.unit_krw, l.basis"""
                    .formatted(GIVEN),
                params(days))
            .map(
                rows ->
                    rows.stream()
                        .map(BookedDayRepository::sum)
                        .collect(Collectors.groupingBy(sum -> sum.tenant().value())));
  }

  private static Booked.Sum sum(Row r) {
    return new Booked.Sum(
        new TenantId(r.uuid(0)),
        new BookedUsage(
            new ProjectId(r.uuid(1)),
            r.text(2),
            r.text(3),
            r.rational(4),
            r.number(6),
            lastUse(r.text(7))),
        r.text(5),
        new EndDay(LocalDate.parse(r.text(8))),
        new EndDay(LocalDate.parse(r.text(9))));
  }

  /** In the order of time when it is compared as text. */
  public static String text(LastUse use) {
    return "%014d\u001f%014d\u001f%s\u001f%s\u001f%s\u001f%s"
        .formatted(
            use.start().toEpochMilli(),
            use.end().toEpochMilli(),
            use.run().value(),
            use.projectSlug(),
            use.unit(),
            use.label());
  }

  private static LastUse lastUse(String text) {
    String[] c = SEPARATOR.split(text, 6);
    return new LastUse(
        Instant.ofEpochMilli(Long.parseLong(c[0])),
        Instant.ofEpochMilli(Long.parseLong(c[1])),
        new RunId(UUID.fromString(c[2])),
        c[3],
        PriceUnit.valueOf(c[4]),
        c[5]);
  }

  /** Those of the days whose books do not hold any more. */
  public Uni<List<BookedDay>> outdated(Mutiny.Session s, List<BookedDay> days) {
    return days.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Rows.select(
                s,
                """
                select cast(g.tenant_id as text), cast(g.day as text), g.version from %s
                where not exists (
                  select from usage_day u where u.tenant_id = g.tenant_id and u.day = g.day
                    and u.version = g.version and u.looked = g.version and u.booked)"""
                    .formatted(GIVEN),
                params(days))
            .map(rows -> rows.stream().map(BookedDayRepository::day).toList());
  }

  /** Of each account's invoice of a month that rests on books, these; none if one does not hold. */
  public Uni<Map<UUID, InvoiceBooks>> ofInvoices(
      Mutiny.Session s, Collection<UUID> accounts, String month) {
    return Rows.select(
            s,
            """
            select cast(d.tenant_id as text), cast(d.day as text), d.version,
                   cast(i.account_id as text), coalesce(u.silent, -1)
            from invoice i join rated_rows r on r.invoice_id = i.id
              cross join unnest(r.day_tenants, r.days, r.day_versions)
                as d (tenant_id, day, version)
              left join usage_day u on u.tenant_id = d.tenant_id and u.day = d.day
                and u.version = d.version and u.looked = d.version and u.booked
            where i.account_id = any (cast(string_to_array(?1, ',') as uuid[]))
              and i.month = ?2""",
            Rows.param(accounts),
            month)
        .map(
            rows ->
                rows.stream().collect(Collectors.groupingBy(r -> r.uuid(3))).entrySet().stream()
                    .filter(e -> e.getValue().stream().allMatch(r -> r.number(4) >= 0))
                    .collect(Collectors.toMap(Map.Entry::getKey, e -> books(e.getValue()))));
  }

  private static InvoiceBooks books(List<Row> rows) {
    return new InvoiceBooks(
        rows.stream().map(BookedDayRepository::day).toList(),
        rows.stream().mapToLong(r -> r.number(4)).sum());
  }

  /** Days as three parameters. */
  public static Object[] params(List<BookedDay> days) {
    return new Object[] {
      Rows.param(days.stream().map(BookedDay::tenant).toList()),
      days.stream().map(d -> d.day().toString()).collect(Collectors.joining(",")),
      days.stream().map(d -> Long.toString(d.version())).collect(Collectors.joining(","))
    };
  }
}
