package dev.gpucloud.inventory.placement.engine;

/** An instance type that could be offered instead. */
public record OfferedType(String id, String model, Shape shape) {}
