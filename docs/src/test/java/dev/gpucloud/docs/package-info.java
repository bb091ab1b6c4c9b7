/** Makes the reference pages from the code. */
@NullMarked
package dev.gpucloud.docs;

import org.jspecify.annotations.NullMarked;
