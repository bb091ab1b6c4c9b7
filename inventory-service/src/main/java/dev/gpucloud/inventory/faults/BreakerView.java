package dev.gpucloud.inventory.faults;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The breaker of a site. While it is open since some time (system clock), faults are recorded and
 * nothing is done about them. It counts hosts and GPUs that faults took out within the window.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BreakerView(
    String site,
    boolean open,
    @Nullable Instant openSince,
    long hostsTaken,
    int hostLimit,
    long gpusTaken,
    int gpuLimit,
    String window) {}
