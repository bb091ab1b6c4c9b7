/** What the gateway's rate limits cost. */
@NullMarked
package dev.gpucloud.benchmarks.limits;

import org.jspecify.annotations.NullMarked;
