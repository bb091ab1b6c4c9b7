/** The facts that travel over Kafka, their topics and types. */
@NullMarked
package dev.gpucloud.contracts.event;

import org.jspecify.annotations.NullMarked;
