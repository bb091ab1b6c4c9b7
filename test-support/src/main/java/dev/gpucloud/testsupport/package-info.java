/** What the tests of a service need of the world: real PostgreSQL, real Kafka, tokens. */
@NullMarked
package dev.gpucloud.testsupport;

import org.jspecify.annotations.NullMarked;
