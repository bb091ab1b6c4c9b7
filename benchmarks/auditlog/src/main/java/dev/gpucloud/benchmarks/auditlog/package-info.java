/** How many entries a second the audit log takes in. */
@org.jspecify.annotations.NullMarked
package dev.gpucloud.benchmarks.auditlog;
