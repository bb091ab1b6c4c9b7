/** Events that take effect once, in order, whatever the wire does. */
@NullMarked
package dev.gpucloud.kit.inbox;

import org.jspecify.annotations.NullMarked;
