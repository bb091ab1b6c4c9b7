/** Budgets of won: what was reached of them, what the month will come to, and when growth stops. */
@NullMarked
package dev.gpucloud.billing.spend.engine;

import org.jspecify.annotations.NullMarked;
