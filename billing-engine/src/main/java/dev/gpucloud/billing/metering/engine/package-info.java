/** Pure metering: what happened to a run becomes intervals that tile it. */
@NullMarked
package dev.gpucloud.billing.metering.engine;

import org.jspecify.annotations.NullMarked;
