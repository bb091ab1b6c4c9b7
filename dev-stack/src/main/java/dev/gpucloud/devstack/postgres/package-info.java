@NullMarked
package dev.gpucloud.devstack.postgres;

import org.jspecify.annotations.NullMarked;
