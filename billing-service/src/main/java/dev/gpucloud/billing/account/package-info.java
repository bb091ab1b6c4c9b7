/** Billing accounts, terms and credits, built from tenant facts. */
@NullMarked
package dev.gpucloud.billing.account;

import org.jspecify.annotations.NullMarked;
