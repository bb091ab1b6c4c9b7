package dev.gpucloud.inventory.discovery;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.HostId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A difference between what was announced and what is there; {@code serial} is the host's. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DiscrepancyView(
    UUID id,
    String kind,
    String site,
    @Nullable String delivery,
    @Nullable HostId host,
    String serial,
    String detail,
    String state,
    Instant openedAt,
    Instant lastSeenAt,
    @Nullable Instant resolvedAt,
    @Nullable String resolvedBy,
    @Nullable String note,
    long version) {

  static DiscrepancyView of(DiscrepancyEntity d) {
    return new DiscrepancyView(
        d.id,
        d.kind,
        d.siteId,
        d.deliveryId,
        d.hostId == null ? null : new HostId(d.hostId),
        d.serial,
        d.detail,
        d.state,
        d.openedAt,
        d.lastSeenAt,
        d.resolvedAt,
        d.resolvedBy,
        d.note,
        d.version);
  }
}
