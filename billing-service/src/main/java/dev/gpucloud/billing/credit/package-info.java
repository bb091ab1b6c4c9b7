/** What is left of promotional credits. */
@NullMarked
package dev.gpucloud.billing.credit;

import org.jspecify.annotations.NullMarked;
