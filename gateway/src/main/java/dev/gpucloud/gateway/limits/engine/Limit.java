package dev.gpucloud.gateway.limits.engine;

/** A bucket that a request must pass, and the name under which clients hear of it. */
public record Limit(String name, Bucket bucket) {}
