package dev.gpucloud.inventory.discovery;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What was done about a discrepancy. */
@Schema(
    examples =
        """
        {"note": "The serial number was read wrongly."}""")
public record ResolveRequest(
    @NotBlank(message = "must say what was done") @Size(max = 500) String note) {}
