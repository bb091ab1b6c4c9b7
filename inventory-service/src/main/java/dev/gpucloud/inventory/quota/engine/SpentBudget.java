package dev.gpucloud.inventory.quota.engine;

import java.time.Instant;

/** A budget of GPU-hours that is used up; nothing may grow before its window ends. */
public record SpentBudget(long limitGpuHours, long usedGpuSeconds, Instant windowEnd) {}
