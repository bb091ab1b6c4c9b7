/** What a budget's use means: pure decisions on numbers and instants. */
@NullMarked
package dev.gpucloud.tenant.budgets.engine;

import org.jspecify.annotations.NullMarked;
