/** Reading native rows and writing many at once. */
@NullMarked
package dev.gpucloud.billing.sql;

import org.jspecify.annotations.NullMarked;
