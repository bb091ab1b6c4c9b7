package dev.gpucloud.inventory.maintenance;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Plan work on one host, rack or hall from {@code startsAt} to {@code endsAt} (business time).
 * Tenants are told, and hosts take nothing new, {@code notice} before the start; 72 hours unless
 * told otherwise, or at once when the start is nearer.
 */
@Schema(
    examples =
        """
        {
          "scope": "HALL",
          "target": "pangyo-h1",
          "startsAt": "2027-04-10T15:00:00Z",
          "endsAt": "2027-04-10T21:00:00Z",
          "notice": "PT168H",
          "reason": "Yearly inspection of the power feeds."
        }""")
public record CreateWindowRequest(
    @NotNull(message = "a scope is required")
        @Pattern(regexp = "HOST|RACK|HALL", message = "must be HOST, RACK or HALL")
        String scope,
    @NotBlank(message = "a target is required") @Size(max = 200, message = "at most 200 characters")
        String target,
    @NotNull(message = "a start is required") Instant startsAt,
    @NotNull(message = "an end is required") Instant endsAt,
    @Nullable Duration notice,
    @NotBlank(message = "a reason is required") @Size(max = 500, message = "at most 500 characters")
        String reason) {
  private static final Duration NOTICE = Duration.ofHours(72);

  Duration wantedNotice() {
    return notice == null ? NOTICE : notice;
  }
}
