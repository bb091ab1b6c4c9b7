@NullMarked
package dev.gpucloud.devstack.supervisor;

import org.jspecify.annotations.NullMarked;
