/**
 * The rules of tenants, projects and quotas as pure functions: they see values alone, no rows, no
 * requests, no clock.
 */
@NullMarked
package dev.gpucloud.tenant.engine;

import org.jspecify.annotations.NullMarked;
