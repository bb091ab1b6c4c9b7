/** The double-entry ledger's rows. */
@NullMarked
package dev.gpucloud.billing.ledger;

import org.jspecify.annotations.NullMarked;
