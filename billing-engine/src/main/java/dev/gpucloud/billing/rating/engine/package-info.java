/** Pure rating: intervals times price versions and discounts, in exact rationals. */
@NullMarked
package dev.gpucloud.billing.rating.engine;

import org.jspecify.annotations.NullMarked;
