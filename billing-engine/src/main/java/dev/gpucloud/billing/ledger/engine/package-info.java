/** Pure double-entry postings, in whole won, each transaction summing to zero. */
@NullMarked
package dev.gpucloud.billing.ledger.engine;

import org.jspecify.annotations.NullMarked;
