/** The rules of the audit chain, free of frameworks. */
@NullMarked
package dev.gpucloud.tenant.audit.engine;

import org.jspecify.annotations.NullMarked;
