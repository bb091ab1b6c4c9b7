/** Benchmarks of the gateway as a whole process, beside nginx in the same place. */
@NullMarked
package dev.gpucloud.benchmarks.edge;

import org.jspecify.annotations.NullMarked;
