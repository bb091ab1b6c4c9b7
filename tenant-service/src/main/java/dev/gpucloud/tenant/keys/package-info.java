/** Public SSH keys that people and projects keep here, to be named where an instance is made. */
@NullMarked
package dev.gpucloud.tenant.keys;

import org.jspecify.annotations.NullMarked;
