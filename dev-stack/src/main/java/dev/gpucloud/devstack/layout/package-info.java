@NullMarked
package dev.gpucloud.devstack.layout;

import org.jspecify.annotations.NullMarked;
