package dev.gpucloud.inventory.placement.engine.share;

/** Where a request went: the index of its host, and its GPUs with one bit each. */
public record SharePlacement(int host, int gpuBits) {}
