/** The audit log of all services: one hash chain, signed checkpoints, queries and proofs. */
@NullMarked
package dev.gpucloud.tenant.audit;

import org.jspecify.annotations.NullMarked;
