/** Who of an account bears how much of an invoice, and statements of what is no supply. */
@NullMarked
package dev.gpucloud.billing.chargeback;

import org.jspecify.annotations.NullMarked;
