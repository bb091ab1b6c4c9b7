/** What a tenant's own state means for what it has here. */
@NullMarked
package dev.gpucloud.inventory.tenancy;

import org.jspecify.annotations.NullMarked;
