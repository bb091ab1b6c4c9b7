/** Other products under the same load on the same machine. */
@NullMarked
package dev.gpucloud.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
