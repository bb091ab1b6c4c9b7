/**
 * The {@code gpucloud} command line: a thin client of the public API, and the client pieces ({@link
 * dev.gpucloud.cli.ApiClient}, tables) that other programs of ours reuse.
 */
@NullMarked
package dev.gpucloud.cli;

import org.jspecify.annotations.NullMarked;
