/** Who may do what where: tenant roles from the projection, platform roles from the token. */
@NullMarked
package dev.gpucloud.kit.access;

import org.jspecify.annotations.NullMarked;
