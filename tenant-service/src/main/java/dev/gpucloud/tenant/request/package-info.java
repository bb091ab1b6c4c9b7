/** Reading request bodies field by field, so that every violation carries its JSON pointer. */
@NullMarked
package dev.gpucloud.tenant.request;

import org.jspecify.annotations.NullMarked;
