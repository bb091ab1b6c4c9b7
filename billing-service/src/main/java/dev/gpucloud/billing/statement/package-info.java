/** Loads what the statement engine needs. */
@NullMarked
package dev.gpucloud.billing.statement;

import org.jspecify.annotations.NullMarked;
