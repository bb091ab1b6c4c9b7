/** Quotas: how many GPUs of a model a tenant may hold at one time. */
@NullMarked
package dev.gpucloud.tenant.quotas;

import org.jspecify.annotations.NullMarked;
