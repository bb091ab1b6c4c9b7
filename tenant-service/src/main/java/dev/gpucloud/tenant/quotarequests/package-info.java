/** Tenants ask for more quota; who stands above them, or the platform, decides. */
@NullMarked
package dev.gpucloud.tenant.quotarequests;

import org.jspecify.annotations.NullMarked;
