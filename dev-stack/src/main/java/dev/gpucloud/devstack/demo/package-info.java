/**
 * {@code gpucloud demo}: plays the whole story on the running stack, from an instance to an issued
 * invoice, and checks the invoice against a separate calculation.
 */
@NullMarked
package dev.gpucloud.devstack.demo;

import org.jspecify.annotations.NullMarked;
