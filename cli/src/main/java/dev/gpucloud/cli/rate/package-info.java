/** Rating from files: price books and events are read, statements are written, without a server. */
@org.jspecify.annotations.NullMarked
package dev.gpucloud.cli.rate;
