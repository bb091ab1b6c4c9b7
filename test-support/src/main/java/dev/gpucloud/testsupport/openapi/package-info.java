/** Values held against the API's OpenAPI document. */
@NullMarked
package dev.gpucloud.testsupport.openapi;

import org.jspecify.annotations.NullMarked;
