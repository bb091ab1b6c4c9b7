/** Orders in, reports and heartbeats out. */
@NullMarked
package dev.gpucloud.agent.kafka;

import org.jspecify.annotations.NullMarked;
