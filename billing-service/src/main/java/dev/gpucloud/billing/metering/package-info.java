/** Instance events and heartbeats become runs and usage intervals. */
@NullMarked
package dev.gpucloud.billing.metering;

import org.jspecify.annotations.NullMarked;
