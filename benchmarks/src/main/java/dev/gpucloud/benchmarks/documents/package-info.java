/** What it costs to write the documents of an invoice. */
@NullMarked
package dev.gpucloud.benchmarks.documents;

import org.jspecify.annotations.NullMarked;
