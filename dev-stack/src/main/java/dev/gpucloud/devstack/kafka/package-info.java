@NullMarked
package dev.gpucloud.devstack.kafka;

import org.jspecify.annotations.NullMarked;
