/**
 * Rate limits and fairness at the edge: who sent how much lately, and who has how much under way.
 */
@NullMarked
package dev.gpucloud.gateway.limits;

import org.jspecify.annotations.NullMarked;
