package dev.gpucloud.inventory.provisioning;

import jakarta.validation.constraints.NotBlank;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The project of the same tenant that an instance shall belong to, by id or as tenant.project. */
@Schema(
    examples =
        """
        {"project": "sk-hynix.physicsnemo-design"}""")
public record MoveInstanceRequest(
    @Schema(examples = "sk-hynix.research") @NotBlank(message = "must name a project")
        String project) {}
