package dev.gpucloud.billing.booked;

import dev.gpucloud.billing.metering.engine.EndDay;
import java.util.UUID;

/**
 * A day of a tenant whose book holds.
 *
 * @param version of what is known of the day's runs
 */
public record BookedDay(UUID tenant, EndDay day, long version) {}
