package dev.gpucloud.inventory.hosts;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Empty a host by a deadline (business time): what runs there then is stopped. The {@code goal},
 * MAINTENANCE unless told otherwise, is what the host becomes once it is empty.
 */
@Schema(
    examples =
        """
        {
          "deadline": "2027-04-15T00:00:00Z",
          "reason": "The NVLink bridge is replaced.",
          "goal": "MAINTENANCE"
        }""")
public record DrainRequest(
    @NotNull(message = "a deadline is required") Instant deadline,
    @NotBlank(message = "a reason is required") @Size(max = 500, message = "at most 500 characters")
        String reason,
    @Nullable
        @Pattern(regexp = "MAINTENANCE|RETIREMENT", message = "must be MAINTENANCE or RETIREMENT")
        String goal) {

  DrainGoal wanted() {
    return goal == null ? DrainGoal.MAINTENANCE : DrainGoal.valueOf(goal);
  }
}
