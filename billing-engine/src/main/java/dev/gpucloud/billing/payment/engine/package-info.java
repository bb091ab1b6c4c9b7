/** What was paid, what is open, how long it has been, and what follows. Pure. */
@NullMarked
package dev.gpucloud.billing.payment.engine;

import org.jspecify.annotations.NullMarked;
