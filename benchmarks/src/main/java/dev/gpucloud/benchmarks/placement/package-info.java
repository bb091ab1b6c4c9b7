/** The placement engine by itself: one thread, no database. */
@NullMarked
package dev.gpucloud.benchmarks.placement;

import org.jspecify.annotations.NullMarked;
