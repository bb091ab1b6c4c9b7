@NullMarked
package dev.gpucloud.devstack.command;

import org.jspecify.annotations.NullMarked;
