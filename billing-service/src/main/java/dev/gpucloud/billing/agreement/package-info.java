/** What is agreed with billing accounts beside list prices, and money they paid before. */
@NullMarked
package dev.gpucloud.billing.agreement;

import org.jspecify.annotations.NullMarked;
