/** Onboarding: opening tenants one by one, or a whole document of them at once. */
@NullMarked
package dev.gpucloud.tenant.onboarding;

import org.jspecify.annotations.NullMarked;
