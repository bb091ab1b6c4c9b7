/** Loads what the rating engine needs. */
@NullMarked
package dev.gpucloud.billing.rating;

import org.jspecify.annotations.NullMarked;
