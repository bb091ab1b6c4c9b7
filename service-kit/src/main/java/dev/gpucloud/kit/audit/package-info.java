/** Who did what: entries that commit with the change they tell of, and counted denials. */
@NullMarked
package dev.gpucloud.kit.audit;

import org.jspecify.annotations.NullMarked;
