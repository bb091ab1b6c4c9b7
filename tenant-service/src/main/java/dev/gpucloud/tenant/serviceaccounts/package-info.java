/** Service accounts: members of a tenant that are no person and authenticate by API keys. */
@NullMarked
package dev.gpucloud.tenant.serviceaccounts;

import org.jspecify.annotations.NullMarked;
