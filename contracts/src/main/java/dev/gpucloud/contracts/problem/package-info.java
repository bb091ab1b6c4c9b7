/** The registry of RFC 9457 problems, the same in every service. */
@NullMarked
package dev.gpucloud.contracts.problem;

import org.jspecify.annotations.NullMarked;
