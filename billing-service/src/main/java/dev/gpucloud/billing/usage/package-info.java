/** Current usage for tenants. */
@NullMarked
package dev.gpucloud.billing.usage;

import org.jspecify.annotations.NullMarked;
