/** How much a caller may send: decided with integers alone, the time is passed in. */
@NullMarked
package dev.gpucloud.gateway.limits.engine;

import org.jspecify.annotations.NullMarked;
