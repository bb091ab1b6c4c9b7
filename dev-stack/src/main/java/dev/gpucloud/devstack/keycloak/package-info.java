@NullMarked
package dev.gpucloud.devstack.keycloak;

import org.jspecify.annotations.NullMarked;
