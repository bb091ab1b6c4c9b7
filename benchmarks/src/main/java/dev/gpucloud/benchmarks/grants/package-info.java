/** The first round of the national GPU programme, at its real size. */
@NullMarked
package dev.gpucloud.benchmarks.grants;

import org.jspecify.annotations.NullMarked;
