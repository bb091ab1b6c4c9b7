/** Placements through the gateway of a running stack. */
@NullMarked
package dev.gpucloud.benchmarks.http;

import org.jspecify.annotations.NullMarked;
