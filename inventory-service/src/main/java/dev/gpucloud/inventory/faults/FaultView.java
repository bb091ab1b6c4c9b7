package dev.gpucloud.inventory.faults;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.FaultId;
import dev.gpucloud.contracts.id.HostId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A reported fault: what its code asked for ({@code action}, {@code reason}) and what became of it
 * ({@code decision}). {@code at} is the agent's business time, {@code recordedAt} system time.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FaultView(
    FaultId id,
    HostId host,
    String hostName,
    String site,
    @Nullable Integer gpu,
    int xid,
    Instant at,
    Instant loggedAt,
    @Nullable String message,
    String action,
    String decision,
    String reason,
    Instant recordedAt) {

  static FaultView of(FaultEntity f) {
    return new FaultView(
        new FaultId(f.id),
        new HostId(f.hostId),
        f.hostName,
        f.siteId,
        f.gpu,
        f.xid,
        f.at,
        f.loggedAt,
        f.message,
        f.action,
        f.decision,
        f.reason,
        f.recordedAt);
  }
}
