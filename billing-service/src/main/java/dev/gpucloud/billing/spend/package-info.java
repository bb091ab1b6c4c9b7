/** Budgets of won for tenants and projects: alerts, a forecast, and a stop of new instances. */
@NullMarked
package dev.gpucloud.billing.spend;

import org.jspecify.annotations.NullMarked;
