package dev.gpucloud.inventory.forward;

/** A replica that owns pools: the name under which it holds leases, and its base URL. */
public record Owner(String holder, String address) {}
