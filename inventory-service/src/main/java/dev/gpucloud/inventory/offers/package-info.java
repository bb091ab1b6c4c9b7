/** What a tenant can get: instance types with price and availability, and capacity. */
@NullMarked
package dev.gpucloud.inventory.offers;

import org.jspecify.annotations.NullMarked;
