package dev.gpucloud.billing.metering;

import dev.gpucloud.billing.metering.InstanceEventConsumer.ToldEvent;
import dev.gpucloud.billing.metering.engine.EndDay;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * What a batch of events changes for those who read by month and by day: how many events a month
 * has, and on which days runs end otherwise than was known. Written last of a batch and in one
 * order by all, for many batches touch the rows of one tenant.
 */
final class UsageMarks {
  private static final String COUNT =
      """
      insert into usage_month (tenant_id, month, told, metered, last_metered_at)
      select tenant, month, told, metered, case when metered > 0 then now() end
      from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[]) m (tenant, month, told, metered)
      order by tenant, month
      on conflict (tenant_id, month) do update set
        told = usage_month.told + excluded.told,
        metered = usage_month.metered + excluded.metered,
        last_metered_at = greatest(usage_month.last_metered_at, excluded.last_metered_at)""";
  private static final String MARK =
      """
      insert into usage_day (tenant_id, day)
      select tenant, day from unnest($1::uuid[], $2::date[]) d (tenant, day) order by tenant, day
      on conflict (tenant_id, day) do update set
        version = usage_day.version + 1, changed_at = excluded.changed_at""";

  /** A month or a day of a tenant. */
  private record Of<T extends Comparable<? super T>>(UUID tenant, T when) {}

  private static final class Count {
    private long told;
    private long metered;
  }

  private final Map<Of<String>, Count> months = new HashMap<>();
  private final Set<Of<EndDay>> days = new HashSet<>();

  private static <T extends Comparable<? super T>> Comparator<Of<T>> order() {
    return Comparator.<Of<T>, String>comparing(of -> of.tenant().toString())
        .thenComparing(Of::when);
  }

  /** An event was kept. */
  void told(ToldEvent event) {
    String month = BillingMonth.of(event.fact().at()).toString();
    Count count =
        months.computeIfAbsent(
            new Of<>(event.fact().tenantId().value(), month), key -> new Count());
    count.told++;
    if (event.isMetered()) {
      count.metered++;
    }
  }

  /** A run ends then, or did as far as was known. */
  void ends(TenantId tenant, Instant at) {
    days.add(new Of<>(tenant.value(), EndDay.of(at)));
  }

  Uni<Void> write(SqlConnection c) {
    return count(c).chain(() -> days.isEmpty() ? Uni.createFrom().voidItem() : mark(c));
  }

  private Uni<Void> count(SqlConnection c) {
    List<Of<String>> inOrder = sorted(months.keySet());
    return c.preparedQuery(COUNT)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(tenants(inOrder))
                .addArrayOfString(inOrder.stream().map(Of::when).toArray(String[]::new))
                .addArrayOfLong(counts(inOrder, count -> count.told))
                .addArrayOfLong(counts(inOrder, count -> count.metered)))
        .replaceWithVoid();
  }

  private Uni<Void> mark(SqlConnection c) {
    List<Of<EndDay>> inOrder = sorted(days);
    return c.preparedQuery(MARK)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(tenants(inOrder))
                .addArrayOfLocalDate(
                    inOrder.stream().map(day -> day.when().date()).toArray(LocalDate[]::new)))
        .replaceWithVoid();
  }

  private static <T extends Comparable<? super T>> List<Of<T>> sorted(Collection<Of<T>> of) {
    return of.stream().sorted(UsageMarks.<T>order()).toList();
  }

  private static <T extends Comparable<? super T>> UUID[] tenants(List<Of<T>> of) {
    return of.stream().map(Of::tenant).toArray(UUID[]::new);
  }

  private Long[] counts(List<Of<String>> of, Function<Count, Long> number) {
    return of.stream().map(months::get).map(number).toArray(Long[]::new);
  }
}
