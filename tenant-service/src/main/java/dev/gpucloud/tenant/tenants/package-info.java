/** Tenants: who uses the cloud, where they stand in the group, and how they are billed. */
@NullMarked
package dev.gpucloud.tenant.tenants;

import org.jspecify.annotations.NullMarked;
