/** Convergence of a site on its orders, without input or output. */
@NullMarked
package dev.gpucloud.agent.engine;

import org.jspecify.annotations.NullMarked;
