/** A driver that simulates hosts. */
@NullMarked
package dev.gpucloud.agent.simulated;

import org.jspecify.annotations.NullMarked;
