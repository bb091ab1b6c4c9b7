package dev.gpucloud.inventory.quota.engine;

/** GPUs of a model at a site: what is counted when a host of that pool is used. */
public record Stock(String model, String site) {}
