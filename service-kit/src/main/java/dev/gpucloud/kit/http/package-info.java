/** The edge of a service: problems, request ids, entity tags, strict JSON. */
@NullMarked
package dev.gpucloud.kit.http;

import org.jspecify.annotations.NullMarked;
