package dev.gpucloud.agent.engine;

import java.time.Instant;

/** One moment on both clocks. */
record Stamp(Instant business, Instant system) {}
