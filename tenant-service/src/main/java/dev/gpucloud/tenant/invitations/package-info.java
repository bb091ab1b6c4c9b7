/** Invitations: an e-mail address is offered roles, and its holder takes them. */
@NullMarked
package dev.gpucloud.tenant.invitations;

import org.jspecify.annotations.NullMarked;
