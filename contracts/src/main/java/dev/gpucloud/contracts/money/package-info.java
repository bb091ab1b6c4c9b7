/** Exact money: rationals until the invoice line, whole won on it. */
@NullMarked
package dev.gpucloud.contracts.money;

import org.jspecify.annotations.NullMarked;
