package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.HostId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A driver on a host logged an XID error, on {@link Topics#reports}. {@code gpu} is the position of
 * the GPU in its host, counted from 0, and missing when the driver names none; {@code at} is the
 * business time of the log line, {@code loggedAt} its system time. The same fault may be reported
 * again: host, GPU, code and system time tell it apart from others.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record GpuFault(
    String site,
    HostId hostId,
    @Nullable Integer gpu,
    int xid,
    Instant at,
    Instant loggedAt,
    @Nullable String message) {}
