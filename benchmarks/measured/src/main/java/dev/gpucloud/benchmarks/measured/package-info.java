/** Throughput of a consumer, and what it costs. */
@org.jspecify.annotations.NullMarked
package dev.gpucloud.benchmarks.measured;
