/** Starts what a durable measurement stands on. */
@NullMarked
package dev.gpucloud.benchmarks.durable;

import org.jspecify.annotations.NullMarked;
