/** Inventory's seconds, agents' seconds, what is metered and billed, and the ledger, day by day. */
@NullMarked
package dev.gpucloud.billing.reconciliation;

import org.jspecify.annotations.NullMarked;
