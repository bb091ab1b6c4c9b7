/**
 * Grant programmes: calls with a pool of GPUs, applications, expert reviews, awards that a person
 * confirms, and what becomes of them until they end or are taken back.
 */
@NullMarked
package dev.gpucloud.tenant.grants;

import org.jspecify.annotations.NullMarked;
