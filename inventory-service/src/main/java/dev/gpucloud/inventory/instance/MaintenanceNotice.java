package dev.gpucloud.inventory.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant is told about the host of an instance: the reason, and when the instance is stopped
 * (business time) if its tenant has not moved it before; without {@code at} nothing stops it.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MaintenanceNotice(@Nullable Instant at, String reason) {
  /** Work is planned on the host. */
  public static final String HOST_MAINTENANCE = "HOST_MAINTENANCE";

  /** The host leaves the fleet. */
  public static final String HOST_RETIREMENT = "HOST_RETIREMENT";

  /** The host is not trusted any more. */
  public static final String HOST_QUARANTINED = "HOST_QUARANTINED";

  /** A GPU of the instance has a fault. */
  public static final String GPU_FAULT = "GPU_FAULT";
}
