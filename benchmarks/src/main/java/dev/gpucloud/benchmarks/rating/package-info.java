/** What the billing engine takes to rate a month, in memory. */
@NullMarked
package dev.gpucloud.benchmarks.rating;

import org.jspecify.annotations.NullMarked;
