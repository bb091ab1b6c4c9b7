package dev.gpucloud.inventory.provisioning;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What may be edited on an instance; what is left out stays. Labels are replaced as a whole. */
@Schema(
    examples =
        """
        {"name": "trainer-1", "labels": {"run": "summer"}}""")
public record UpdateInstanceRequest(
    @Nullable
        @Pattern(regexp = CreateInstanceRequest.NAME, message = CreateInstanceRequest.NAME_RULE)
        String name,
    @Nullable @Size(max = CreateInstanceRequest.LABELS, message = "at most 64 labels")
        Map<
                @Pattern(
                    regexp = CreateInstanceRequest.LABEL_KEY,
                    message = CreateInstanceRequest.LABEL_KEY_RULE)
                String,
                @NotNull
                @Pattern(
                    regexp = CreateInstanceRequest.LABEL_VALUE,
                    message = CreateInstanceRequest.LABEL_VALUE_RULE)
                String>
            labels) {}
