package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.id.HostId;
import org.jspecify.annotations.Nullable;

/**
 * An XID error that the GPU driver of a host logged; {@code gpu} counts from 0 and is missing when
 * the log names none.
 */
public record Fault(HostId host, @Nullable Integer gpu, int xid, String message) {}
