/** Load drivers that print CSV; one command each in the folder above. */
@NullMarked
package dev.gpucloud.benchmarks;

import org.jspecify.annotations.NullMarked;
