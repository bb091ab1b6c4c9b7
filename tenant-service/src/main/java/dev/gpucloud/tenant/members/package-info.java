/** Members: which person may do what at a tenant and at its projects. */
@NullMarked
package dev.gpucloud.tenant.members;

import org.jspecify.annotations.NullMarked;
