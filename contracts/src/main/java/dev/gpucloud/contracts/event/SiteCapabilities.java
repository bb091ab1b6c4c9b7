package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;

/**
 * What the driver of a site's agent provides beside GPUs, said by the agent at its start; a later
 * one replaces it. {@code capabilities} are names of {@link Capability}; readers ignore those that
 * they do not know.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SiteCapabilities(String site, String driver, List<String> capabilities, Instant at) {}
