@NullMarked
package dev.gpucloud.devstack.scenario;

import org.jspecify.annotations.NullMarked;
