package dev.gpucloud.inventory.volume;

import jakarta.validation.constraints.NotBlank;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The instance of the same project that shall use a volume, by id or name. */
@Schema(
    examples =
        """
        {"instance": "trainer-1"}""")
public record AttachVolumeRequest(
    @Schema(examples = "trainer-1") @NotBlank(message = "must name an instance") String instance,
    @Nullable Boolean deleteOnTermination) {}
