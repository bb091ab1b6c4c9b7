package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.inventory.placement.engine.Apart;
import dev.gpucloud.inventory.placement.engine.Strength;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Stands apart from the project's other instances of the group: on another host, or in another
 * rack. REQUIRED unless it says PREFERRED: then it is placed together when there is no room apart.
 */
public record AntiAffinityRequest(
    @Schema(examples = "web")
        @NotNull(message = "must name a group")
        @Pattern(regexp = CreateInstanceRequest.NAME, message = CreateInstanceRequest.NAME_RULE)
        String group,
    @Schema(description = "HOST unless it says RACK.") Apart.@Nullable Over over,
    @Schema(description = "REQUIRED unless it says PREFERRED.") @Nullable Strength strength) {

  Apart apart() {
    return new Apart(
        group,
        Objects.requireNonNullElse(over, Apart.Over.HOST),
        Objects.requireNonNullElse(strength, Strength.REQUIRED));
  }

  static @Nullable AntiAffinityRequest of(@Nullable Apart apart) {
    return apart == null
        ? null
        : new AntiAffinityRequest(apart.group(), apart.over(), apart.strength());
  }
}
