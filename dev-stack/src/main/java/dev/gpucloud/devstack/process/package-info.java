@NullMarked
package dev.gpucloud.devstack.process;

import org.jspecify.annotations.NullMarked;
