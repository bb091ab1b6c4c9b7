/**
 * Wrong requests by the thousand, made from the API's own document, and the law of their answers.
 */
@NullMarked
package dev.gpucloud.systemtests.fuzz;

import org.jspecify.annotations.NullMarked;
