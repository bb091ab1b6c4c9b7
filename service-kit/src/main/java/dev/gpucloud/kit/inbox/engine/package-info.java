/** The order of events, decided apart from where they come from and where they are kept. */
@NullMarked
package dev.gpucloud.kit.inbox.engine;

import org.jspecify.annotations.NullMarked;
