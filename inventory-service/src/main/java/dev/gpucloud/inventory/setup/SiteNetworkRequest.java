package dev.gpucloud.inventory.setup;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The private addresses of a site: an IPv4 range that is cut into one network per project, each
 * with a prefix of so many bits.
 */
@Schema(
    examples =
        """
        {"range": "10.64.0.0/12", "prefixLength": 22}""")
public record SiteNetworkRequest(
    @Schema(examples = "10.64.0.0/12") @NotNull(message = "must be a range such as 10.64.0.0/12")
        String range,
    @Schema(examples = "22")
        @NotNull(message = "must be 8 to 28")
        @Min(value = 8, message = "must be 8 to 28")
        @Max(value = 28, message = "must be 8 to 28")
        Integer prefixLength) {}
