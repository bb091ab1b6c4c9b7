package dev.gpucloud.inventory.setup;

import dev.gpucloud.contracts.event.RunSetup.IngressRule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The whole allow-list of an instance; an empty one lets nobody in. */
@Schema(
    examples =
        """
        {"rules": [{"protocol": "TCP", "fromPort": 22, "cidr": "203.0.113.0/24"}]}""")
public record AllowListRequest(
    @NotNull(message = "must list the rules, none for nobody")
        @Size(max = Setups.MOST_RULES, message = "at most 64 rules")
        List<@NotNull @Valid IngressRequest> rules) {

  /** The rules, checked. */
  public List<IngressRule> checked() {
    return Setups.rules(rules);
  }
}
