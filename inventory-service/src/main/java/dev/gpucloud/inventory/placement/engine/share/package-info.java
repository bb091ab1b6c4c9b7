/**
 * Packing of requests for whole GPUs and for shares of one GPU onto hosts: a fleet in thousandths
 * of a GPU, and the policies that choose where a request goes. Pure and seeded.
 */
@NullMarked
package dev.gpucloud.inventory.placement.engine.share;

import org.jspecify.annotations.NullMarked;
