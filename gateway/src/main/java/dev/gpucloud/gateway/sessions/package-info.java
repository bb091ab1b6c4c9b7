/** Sessions of browsers: logged in at the identity provider, kept in a sealed cookie. */
@NullMarked
package dev.gpucloud.gateway.sessions;

import org.jspecify.annotations.NullMarked;
