/** What the API description of every service says alike. */
@NullMarked
package dev.gpucloud.kit.openapi;

import org.jspecify.annotations.NullMarked;
