package dev.gpucloud.kit.lease;

/** The right to act under a name; every change of holder raises the epoch, which fences the old. */
public record Lease(String name, long epoch) {}
