package dev.gpucloud.billing.invoice;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Asks for the draft of a month: a tenant by id or slug, and an ended Seoul month. */
@Schema(
    examples =
        """
        {"tenant": "sk-hynix", "month": "2026-11"}""")
record CreateInvoiceRequest(
    @NotBlank(message = "names a tenant by id or slug") @Size(max = 100) @Nullable String tenant,
    @NotNull(message = "must be of the form 2026-11")
        @Pattern(regexp = "[0-9]{4}-(0[1-9]|1[0-2])", message = "must be of the form 2026-11")
        @Nullable String month) {}
