/**
 * What inventory, metering, invoices and agents say of the same runs, held against each other.
 * Pure.
 */
@NullMarked
package dev.gpucloud.billing.reconciliation.engine;

import org.jspecify.annotations.NullMarked;
