/**
 * Typed ids: a prefix says what an id names, so that a project id is never taken for a tenant id.
 */
@NullMarked
package dev.gpucloud.contracts.id;

import org.jspecify.annotations.NullMarked;
