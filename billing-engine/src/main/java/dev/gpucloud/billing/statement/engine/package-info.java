/** What a customer owes for a month: commitments, tiers, credits, lines, tax and payment. */
@org.jspecify.annotations.NullMarked
package dev.gpucloud.billing.statement.engine;
