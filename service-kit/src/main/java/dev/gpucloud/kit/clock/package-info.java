/** The two clocks. */
@NullMarked
package dev.gpucloud.kit.clock;

import org.jspecify.annotations.NullMarked;
