/**
 * Recomputes invoices from exported events and prices, slowly and obviously. Depends on none of the
 * product's own modules, so that an error in them cannot hide here.
 */
package dev.gpucloud.verifier;
