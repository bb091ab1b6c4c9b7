package dev.gpucloud.inventory.setup;

import dev.gpucloud.contracts.event.RunSetup.IngressRule;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Who may connect to a range of ports; without {@code toPort} to one port. */
public record IngressRequest(
    @Schema(examples = "TCP")
        @NotNull(message = "must be TCP or UDP")
        @Pattern(regexp = "TCP|UDP", message = "must be TCP or UDP")
        String protocol,
    @Schema(examples = "22")
        @NotNull(message = "must be a port")
        @Min(value = 1, message = "must be 1 to 65535")
        @Max(value = 65535, message = "must be 1 to 65535")
        Integer fromPort,
    @Nullable
        @Min(value = 1, message = "must be 1 to 65535")
        @Max(value = 65535, message = "must be 1 to 65535")
        Integer toPort,
    @Schema(examples = "203.0.113.0/24") @NotNull(message = "must be a range such as 10.0.0.0/8")
        String cidr) {

  IngressRule rule() {
    return new IngressRule(protocol, fromPort, toPort == null ? fromPort : toPort, cidr);
  }
}
