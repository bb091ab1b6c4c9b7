/** The API in Java: what its generated operations and documents stand on. */
@NullMarked
package dev.gpucloud.client;

import org.jspecify.annotations.NullMarked;
