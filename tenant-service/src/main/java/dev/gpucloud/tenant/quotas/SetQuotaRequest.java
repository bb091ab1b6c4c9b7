package dev.gpucloud.tenant.quotas;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The limit to be. The field must be there; null is no limit of its own. */
@Schema(name = "SetQuota")
record SetQuotaRequest(
    @JsonProperty(required = true)
        @Schema(
            required = true,
            examples = "4096",
            minimum = "0",
            description =
                "GPUs held at one time; null for no limit of its own. A limit below what is held"
                    + " now only stops growth.")
        @Nullable Long limitGpus) {}
