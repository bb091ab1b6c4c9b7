/** The packing benchmark: placement policies on a production trace of GPU requests. */
@NullMarked
package dev.gpucloud.benchmarks.packing;

import org.jspecify.annotations.NullMarked;
