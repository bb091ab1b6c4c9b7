package dev.gpucloud.billing.metering.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A half-open stretch {@code [start, end)} of a run at constant scope and shape; {@code end} is
 * null while the run goes on.
 */
public record UsageInterval(Instant start, @Nullable Instant end, Scope scope, Shape shape) {}
