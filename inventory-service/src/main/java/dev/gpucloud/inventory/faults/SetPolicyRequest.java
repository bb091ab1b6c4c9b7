package dev.gpucloud.inventory.faults;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a code shall ask for from now on, and why. */
@Schema(
    examples =
        """
        {"action": "DRAIN_GPU", "reason": "The vendor advises it since driver 590."}""")
public record SetPolicyRequest(
    @NotNull(message = "an action is required")
        @Pattern(
            regexp = "IGNORE|WATCH|DRAIN_GPU|QUARANTINE_HOST",
            message = "must be IGNORE, WATCH, DRAIN_GPU or QUARANTINE_HOST")
        String action,
    @NotBlank(message = "a reason is required") @Size(max = 500, message = "at most 500 characters")
        String reason) {}
