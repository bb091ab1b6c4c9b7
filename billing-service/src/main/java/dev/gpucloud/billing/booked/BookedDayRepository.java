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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads books that hold: of days that nothing came for since they were made. */
@ApplicationScoped
public class BookedDayRepository {
  /** The days of tenants (?1) in a month (?2 to ?3) of which the books hold. */
  private static final String HOLDING =
      """
      select tenant_id, day, version from usage_day
      where tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
        and day >= cast(cast(?2 as text) as date) and day < cast(cast(?3 as text) as date)
        and booked and looked = version""";

  /** A tenant's days in one text: many rows of a driver cost more than what is in them. */
  private static final String DAYS = "string_agg(day || ' ' || version, ',' order by day)";

  private static final Pattern SEPARATOR = Pattern.compile("\u001f");

  /** What is booked of the month of some accounts; of one without books there is no entry. */
  public Uni<Map<UUID, Booked>> of(Mutiny.Session s, List<Account> accounts, BillingMonth month) {
    List<UUID> tenants = accounts.stream().flatMap(a -> a.tenantIds().stream()).toList();
    return tenants.isEmpty()
        ? Uni.createFrom().item(Map.of())
        : Rows.select(
                s,
                """
                with h as materialized (%s)
                select cast(tenant_id as text), %s, null as project_id, null as sku,
                       null as price_version, null as unit_krw, null as unit_millis, null as basis,
                       null as last_use, null as first_day, null as last_day
                from h group by tenant_id
                union all
                select cast(l.tenant_id as text), null, cast(l.project_id as text), l.sku,
                       l.price_version, l.unit_krw, cast(cast(sum(l.unit_millis) as bigint) as text),
                       l.basis, max(l.last_use), cast(min(l.day) as text), cast(max(l.day) as text)
                from h join usage_day_line l using (tenant_id, day)
                group by l.tenant_id, l.project_id, l.sku, l.price_version, l.unit_krw, l.basis"""
                    .formatted(HOLDING, DAYS),
                Rows.param(tenants),
                month.month().atDay(1).toString(),
                month.next().month().atDay(1).toString())
            .map(rows -> booked(accounts, rows));
  }

  private static Map<UUID, Booked> booked(List<Account> accounts, List<Row> rows) {
    Map<UUID, List<BookedDay>> days = new HashMap<>();
    Map<UUID, List<Booked.Sum>> sums = new HashMap<>();
    for (Row r : rows) {
      if (r.textOrNull(1) != null) {
        days.put(r.uuid(0), days(r.uuid(0), r.text(1)));
      } else {
        sums.computeIfAbsent(r.uuid(0), tenant -> new ArrayList<>()).add(sum(r));
      }
    }
    return accounts.stream()
        .filter(a -> a.tenantIds().stream().anyMatch(days::containsKey))
        .collect(
            Collectors.toMap(
                Account::id, a -> new Booked(all(a.tenantIds(), days), all(a.tenantIds(), sums))));
  }

  private static <T> List<T> all(List<UUID> tenants, Map<UUID, List<T>> byTenant) {
    return tenants.stream().flatMap(t -> byTenant.getOrDefault(t, List.of()).stream()).toList();
  }

  private static List<BookedDay> days(UUID tenant, String text) {
    return Arrays.stream(text.split(","))
        .map(day -> day.split(" "))
        .map(day -> new BookedDay(tenant, EndDay.parse(day[0]), Long.parseLong(day[1])))
        .toList();
  }

  private static Booked.Sum sum(Row r) {
    return new Booked.Sum(
        new TenantId(r.uuid(0)),
        new BookedUsage(
            new ProjectId(r.uuid(2)),
            r.text(3),
            r.text(4),
            r.rational(5),
            Long.parseLong(r.text(6)),
            lastUse(r.text(8))),
        r.text(7),
        EndDay.parse(r.text(9)),
        EndDay.parse(r.text(10)));
  }

  /** The days of a month of some tenants of which the books hold. */
  public Uni<Set<BookedDay>> holding(
      Mutiny.Session s, Collection<UUID> tenants, BillingMonth month) {
    return tenants.isEmpty()
        ? Uni.createFrom().item(Set.of())
        : Rows.select(
                s,
                "select cast(tenant_id as text), %s from (%s) h group by tenant_id"
                    .formatted(DAYS, HOLDING),
                Rows.param(tenants),
                month.month().atDay(1).toString(),
                month.next().month().atDay(1).toString())
            .map(
                rows ->
                    rows.stream()
                        .flatMap(r -> days(r.uuid(0), r.text(1)).stream())
                        .collect(Collectors.toSet()));
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

  /** Of each account's invoice of a month that rests on books, these; none if one does not hold. */
  public Uni<Map<UUID, InvoiceBooks>> ofInvoices(
      Mutiny.Session s, Collection<UUID> accounts, String month) {
    return Rows.select(
            s,
            """
            select cast(i.account_id as text), cast(d.tenant_id as text),
                   bool_and(u.tenant_id is not null), coalesce(sum(u.silent), 0),
                   string_agg(d.day || ' ' || d.version, ',' order by d.day)
            from invoice i join rated_rows r on r.invoice_id = i.id
              cross join unnest(r.day_tenants, r.days, r.day_versions)
                as d (tenant_id, day, version)
              left join usage_day u on u.tenant_id = d.tenant_id and u.day = d.day
                and u.version = d.version and u.looked = d.version and u.booked
            where i.account_id = any (cast(string_to_array(?1, ',') as uuid[]))
              and i.month || '' = ?2
            group by i.account_id, d.tenant_id""",
            Rows.param(accounts),
            month)
        .map(
            rows ->
                rows.stream().collect(Collectors.groupingBy(r -> r.uuid(0))).entrySet().stream()
                    .filter(e -> e.getValue().stream().allMatch(BookedDayRepository::isHolding))
                    .collect(Collectors.toMap(Map.Entry::getKey, e -> books(e.getValue()))));
  }

  private static boolean isHolding(Row r) {
    return "true".equals(r.text(2));
  }

  private static InvoiceBooks books(List<Row> rows) {
    return new InvoiceBooks(
        rows.stream().flatMap(r -> days(r.uuid(1), r.text(4)).stream()).toList(),
        rows.stream().mapToLong(r -> r.number(3)).sum());
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
