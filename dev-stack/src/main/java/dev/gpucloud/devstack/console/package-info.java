@NullMarked
package dev.gpucloud.devstack.console;

import org.jspecify.annotations.NullMarked;
