/** Configuration of the kit. */
@NullMarked
package dev.gpucloud.kit.config;

import org.jspecify.annotations.NullMarked;
