/** What happens to a month after it was closed: late usage, amended tax documents, SLA credits. */
@org.jspecify.annotations.NullMarked
package dev.gpucloud.billing.correction.engine;
