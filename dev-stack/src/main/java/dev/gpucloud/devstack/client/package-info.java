@NullMarked
package dev.gpucloud.devstack.client;

import org.jspecify.annotations.NullMarked;
