/** Keyset pages with opaque tokens. */
@NullMarked
package dev.gpucloud.kit.page;

import org.jspecify.annotations.NullMarked;
