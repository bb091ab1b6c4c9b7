package dev.gpucloud.inventory.discovery;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** What was done about a discrepancy. */
public record ResolveRequest(
    @NotBlank(message = "must say what was done") @Size(max = 500) String note) {}
