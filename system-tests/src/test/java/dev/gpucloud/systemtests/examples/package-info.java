/** The examples of the API's document, sent to the running product, and every answer held to it. */
@NullMarked
package dev.gpucloud.systemtests.examples;

import org.jspecify.annotations.NullMarked;
