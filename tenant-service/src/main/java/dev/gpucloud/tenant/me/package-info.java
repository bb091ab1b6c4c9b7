/** What a caller is to the cloud: platform roles and memberships. */
@NullMarked
package dev.gpucloud.tenant.me;

import org.jspecify.annotations.NullMarked;
