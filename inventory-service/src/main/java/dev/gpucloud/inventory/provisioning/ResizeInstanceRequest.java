package dev.gpucloud.inventory.provisioning;

import jakarta.validation.constraints.NotBlank;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The type that an instance shall have, of the GPU model that it has. */
@Schema(
    examples =
        """
        {"instanceType": "b200.4x"}""")
public record ResizeInstanceRequest(
    @Schema(examples = "b200.4x") @NotBlank(message = "must name an instance type")
        String instanceType) {}
