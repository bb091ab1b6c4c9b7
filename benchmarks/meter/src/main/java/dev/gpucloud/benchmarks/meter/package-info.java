/** How many events a second billing-service meters. */
@org.jspecify.annotations.NullMarked
package dev.gpucloud.benchmarks.meter;
