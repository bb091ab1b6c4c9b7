/** Who may do what, as a table, and the test that holds a service against it. */
@NullMarked
package dev.gpucloud.testsupport.access;

import org.jspecify.annotations.NullMarked;
