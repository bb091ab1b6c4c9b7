/** Answers stored in the transaction of their effect. */
@NullMarked
package dev.gpucloud.kit.idempotency;

import org.jspecify.annotations.NullMarked;
