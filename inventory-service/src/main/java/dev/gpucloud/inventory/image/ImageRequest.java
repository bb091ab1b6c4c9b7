package dev.gpucloud.inventory.image;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What an image version is to be; {@code preferred} makes it the one of instances that name none.
 */
@Schema(
    examples =
        """
        {
          "description": "Ubuntu 24.04, CUDA 13",
          "loginUser": "ubuntu",
          "state": "ACTIVE",
          "preferred": true
        }""")
public record ImageRequest(
    @Schema(examples = "Ubuntu 24.04, CUDA 13")
        @NotBlank(message = "must describe the image")
        @Size(max = 200, message = "at most 200 characters")
        String description,
    @Schema(examples = "ubuntu")
        @NotNull(message = "must name the user to log in as")
        @Pattern(
            regexp = "[a-z_][a-z0-9_-]{0,31}",
            message = "must be a user name of at most 32 lowercase letters, digits, _ or -")
        String loginUser,
    @Schema(examples = "ACTIVE")
        @NotNull(message = "must be ACTIVE, DEPRECATED or WITHDRAWN")
        @Pattern(
            regexp = "ACTIVE|DEPRECATED|WITHDRAWN",
            message = "must be ACTIVE, DEPRECATED or WITHDRAWN")
        String state,
    @Nullable Boolean preferred) {}
