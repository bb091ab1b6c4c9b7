package dev.gpucloud.inventory.placement.engine;

/** One pool as fleet-wide decisions see it. */
public record PoolView(SiteFacts site, String model, PoolIndex index) {}
