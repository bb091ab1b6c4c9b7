package dev.gpucloud.inventory.fleet;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Why an admin moves a host; kept in its history. */
@Schema(
    examples =
        """
        {"reason": "Power supply 2 is replaced."}""")
public record HostReasonRequest(
    @NotBlank(message = "a reason is required") @Size(max = 500, message = "at most 500 characters")
        String reason) {}
