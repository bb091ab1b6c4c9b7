/** Buckets that the replicas of the gateway share through PostgreSQL, in the background. */
@NullMarked
package dev.gpucloud.gateway.limits.shared;

import org.jspecify.annotations.NullMarked;
