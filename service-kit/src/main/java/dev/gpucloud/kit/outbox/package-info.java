/** Events that commit with the change that caused them, and the relay that publishes them. */
@NullMarked
package dev.gpucloud.kit.outbox;

import org.jspecify.annotations.NullMarked;
