package dev.gpucloud.inventory.placement.engine;

import org.jspecify.annotations.Nullable;

/** What placement needs to know of a site. {@code csapRank} grows with the zone's strictness. */
public record SiteFacts(
    String id, String region, String country, int csapRank, @Nullable String dedicatedTo) {}
