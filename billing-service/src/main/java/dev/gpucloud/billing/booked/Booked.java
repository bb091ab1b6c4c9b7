package dev.gpucloud.billing.booked;

import dev.gpucloud.billing.metering.engine.EndDay;
import dev.gpucloud.billing.statement.engine.BookedUsage;
import dev.gpucloud.billing.statement.engine.PriceBasis;
import dev.gpucloud.contracts.id.TenantId;
import java.util.List;

/** What some days of an account's tenants come to. */
public record Booked(List<BookedDay> days, List<Sum> sums) {
  /** Nothing is booked. */
  public static final Booked NOTHING = new Booked(List.of(), List.of());

  /**
   * A tenant's usage at one price of some of the days.
   *
   * @param basis what the price rests on
   * @param first of these days
   * @param last of these days
   */
  public record Sum(TenantId tenant, BookedUsage usage, String basis, EndDay first, EndDay last) {}

  /**
   * Whether all of it would come to the same now; days between two of one basis have it as well.
   */
  public boolean holdsBy(PriceBasis now) {
    return sums.stream()
        .allMatch(sum -> holdsBy(now, sum, sum.first()) && holdsBy(now, sum, sum.last()));
  }

  private static boolean holdsBy(PriceBasis now, Sum sum, EndDay day) {
    return now.of(sum.tenant(), sum.usage().sku(), day).filter(sum.basis()::equals).isPresent();
  }

  public List<BookedUsage> usage() {
    return sums.stream().map(Sum::usage).toList();
  }
}
