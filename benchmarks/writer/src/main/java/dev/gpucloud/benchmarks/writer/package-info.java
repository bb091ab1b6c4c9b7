/** The allocation writer with its real database, without HTTP. */
@NullMarked
package dev.gpucloud.benchmarks.writer;

import org.jspecify.annotations.NullMarked;
