package dev.gpucloud.billing.booked;

import dev.gpucloud.billing.statement.engine.BookedUsage;
import dev.gpucloud.billing.statement.engine.PriceBasis;
import dev.gpucloud.contracts.id.TenantId;
import java.util.List;

/** What some days of an account's tenants come to. */
public record Booked(List<BookedDay> days, List<Sum> sums) {
  /** Nothing is booked. */
  public static final Booked NOTHING = new Booked(List.of(), List.of());

  /**
   * A tenant's usage of the days at one price.
   *
   * @param basis what the price rests on
   */
  public record Sum(TenantId tenant, BookedUsage usage, String basis) {}

  public boolean isEmpty() {
    return days.isEmpty();
  }

  /** Whether all of it would come to the same now. */
  public boolean holdsBy(PriceBasis now) {
    return sums.stream()
        .map(sum -> new Based(sum.tenant(), sum.usage().sku(), sum.basis()))
        .distinct()
        .allMatch(
            each -> now.of(each.tenant(), each.sku()).filter(each.basis()::equals).isPresent());
  }

  private record Based(TenantId tenant, String sku, String basis) {}

  public List<BookedUsage> usage() {
    return sums.stream().map(Sum::usage).toList();
  }
}
