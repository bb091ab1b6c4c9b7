/** Money that came in, what it pays, what is open, and what follows when it stays open. */
@NullMarked
package dev.gpucloud.billing.payment;

import org.jspecify.annotations.NullMarked;
