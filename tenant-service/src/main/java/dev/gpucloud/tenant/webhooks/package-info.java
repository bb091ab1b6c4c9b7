/** Addresses of a tenant's own programs that are told what people are told, signed. */
@NullMarked
package dev.gpucloud.tenant.webhooks;

import org.jspecify.annotations.NullMarked;
