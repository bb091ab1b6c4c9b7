/** tenant-service: tenants, projects, members and quotas. */
@NullMarked
package dev.gpucloud.tenant;

import org.jspecify.annotations.NullMarked;
