package dev.gpucloud.inventory.delivery;

import dev.gpucloud.inventory.fleet.ExpectedHost;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.LocalDate;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Bodies of a delivery's moves. */
public final class DeliveryRequests {
  private static final int LONGEST_REASON = 500;
  private static final int MOST_HOSTS = 10_000;

  private DeliveryRequests() {}

  /** Why a delivery moves on. */
  @Schema(
      examples =
          """
          {"reason": "Waybill EX-4711 of the carrier."}""")
  public record MoveRequest(
      @NotBlank(message = "must say why") @Size(max = LONGEST_REASON) String reason) {}

  /** Another due date, and why. */
  @Schema(
      examples =
          """
          {"due": "2028-06-30", "reason": "The vendor is late by a quarter."}""")
  public record SlipRequest(
      @NotNull(message = "must be a date") LocalDate due,
      @NotBlank(message = "must say why") @Size(max = LONGEST_REASON) String reason) {}

  /** The hosts that the vendor announced, in the order of their places, and why. */
  @Schema(
      examples =
          """
          {
            "reason": "Packing list of the vendor.",
            "hosts": [{"serial": "EX2027-00001"}, {"serial": "EX2027-00002"}]
          }""")
  public record AnnounceRequest(
      @NotBlank(message = "must say why") @Size(max = LONGEST_REASON) String reason,
      @NotNull(message = "must name hosts") @Size(min = 1, max = MOST_HOSTS)
          List<@NotNull @Valid ExpectedHost> hosts) {}

  /** Why a delivery is accepted, and which of its hosts are left out. */
  @Schema(
      examples =
          """
          {"reason": "All burn-in reports are good."}""")
  public record AcceptRequest(
      @NotBlank(message = "must say why") @Size(max = LONGEST_REASON) String reason,
      @Size(max = MOST_HOSTS) @Nullable List<@NotNull @Valid WaiverRequest> waived) {}

  /** A host that is left out, by name or serial. */
  public record WaiverRequest(
      @NotBlank(message = "must name a host") @Size(max = 200) String host,
      @NotBlank(message = "must say why") @Size(max = LONGEST_REASON) String reason) {}
}
