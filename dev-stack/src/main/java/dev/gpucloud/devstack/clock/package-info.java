@NullMarked
package dev.gpucloud.devstack.clock;

import org.jspecify.annotations.NullMarked;
