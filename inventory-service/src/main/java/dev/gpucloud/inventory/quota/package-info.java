/** Limits of tenants as published, and what they hold. */
@NullMarked
package dev.gpucloud.inventory.quota;

import org.jspecify.annotations.NullMarked;
