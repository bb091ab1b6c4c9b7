package dev.gpucloud.inventory.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A delivery. {@code promised} is the first due date ever given and {@code slipDays} how much later
 * it is due now; {@code hostStates} counts the hosts that are here, for one delivery alone.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeliveryView(
    String id,
    String site,
    String hall,
    String model,
    int hosts,
    int hostsAccepted,
    int gpusPerHost,
    int gpus,
    int hostsPerRack,
    int racksPerFabric,
    BigDecimal hostPowerKw,
    LocalDate due,
    LocalDate promised,
    long slipDays,
    String state,
    @Nullable Instant deliveredAt,
    @Nullable String note,
    @Nullable Map<String, Long> hostStates,
    long version) {

  static DeliveryView of(DeliveryEntity d) {
    return of(d, null);
  }

  static DeliveryView of(DeliveryEntity d, @Nullable Map<String, Long> hostStates) {
    return new DeliveryView(
        d.id,
        d.siteId,
        d.hallId,
        d.modelId,
        d.hosts,
        d.hostsAccepted,
        d.gpusPerHost,
        d.hosts * d.gpusPerHost,
        d.hostsPerRack,
        d.racksPerFabric,
        d.hostPowerKw,
        d.due,
        d.promised,
        ChronoUnit.DAYS.between(d.promised, d.due),
        d.state,
        d.deliveredAt,
        d.note,
        hostStates,
        d.version);
  }
}
