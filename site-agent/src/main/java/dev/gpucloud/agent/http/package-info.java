/** Health and metrics over HTTP. */
@NullMarked
package dev.gpucloud.agent.http;

import org.jspecify.annotations.NullMarked;
