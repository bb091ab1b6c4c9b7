/** Reads the runs that are rated. */
@NullMarked
package dev.gpucloud.billing.rating;

import org.jspecify.annotations.NullMarked;
