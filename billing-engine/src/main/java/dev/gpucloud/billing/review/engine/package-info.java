/** What of a draft invoice a person should look at first. Pure. */
@NullMarked
package dev.gpucloud.billing.review.engine;

import org.jspecify.annotations.NullMarked;
