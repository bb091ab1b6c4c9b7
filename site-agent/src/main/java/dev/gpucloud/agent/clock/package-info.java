/** The two clocks and the development clock's protocol. */
@NullMarked
package dev.gpucloud.agent.clock;

import org.jspecify.annotations.NullMarked;
