/**
 * The edge: one address for the whole API. Verifies who calls, bounds what a request may cost, and
 * streams it to the service that owns the path.
 */
@NullMarked
package dev.gpucloud.gateway;

import org.jspecify.annotations.NullMarked;
