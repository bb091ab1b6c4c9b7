/** Texts that people type. */
@NullMarked
package dev.gpucloud.contracts.text;

import org.jspecify.annotations.NullMarked;
