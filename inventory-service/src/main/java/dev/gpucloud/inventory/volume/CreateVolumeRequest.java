package dev.gpucloud.inventory.volume;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A volume at a site; only instances there can use it. */
@Schema(
    examples =
        """
        {"name": "datasets", "site": "kr-cheongju-1", "sizeGib": 2000}""")
public record CreateVolumeRequest(
    @Schema(examples = "datasets")
        @NotNull
        @Pattern(regexp = NewVolumeRequest.NAME, message = NewVolumeRequest.NAME_RULE)
        String name,
    @Schema(examples = "kr-ulsan-1") @NotBlank(message = "must name a site") String site,
    @Schema(examples = "2000")
        @NotNull(message = "must be 1 to 65536")
        @Min(value = 1, message = "must be 1 to 65536")
        @Max(value = 65536, message = "must be 1 to 65536")
        Integer sizeGib) {}
