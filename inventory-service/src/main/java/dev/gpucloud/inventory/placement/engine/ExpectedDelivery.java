package dev.gpucloud.inventory.placement.engine;

import java.time.LocalDate;

/** Hosts that are ordered but not there yet. */
public record ExpectedDelivery(
    String id, SiteFacts site, String model, int hosts, int gpusPerHost, LocalDate due) {}
