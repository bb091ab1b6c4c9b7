package dev.gpucloud.inventory.provisioning;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The instance a tenant asks for. Without a site it may go wherever the tenant may run. */
public record CreateInstanceRequest(
    @Schema(examples = "trainer-1") @NotNull @Pattern(regexp = NAME, message = NAME_RULE)
        String name,
    @Schema(examples = "b200.8x") @NotBlank(message = "must name an instance type")
        String instanceType,
    @Schema(examples = "kr-ulsan-1") @Nullable String site,
    @Schema(examples = "ON_DEMAND") @Nullable String purchaseClass,
    @Nullable @Size(max = LABELS, message = "at most 64 labels")
        Map<
                @Pattern(regexp = LABEL_KEY, message = LABEL_KEY_RULE) String,
                @NotNull @Pattern(regexp = LABEL_VALUE, message = LABEL_VALUE_RULE) String>
            labels,
    @Nullable @Valid AntiAffinityRequest antiAffinity,
    @Schema(description = "Only on hosts that are empty or that the tenant has to itself already.")
        @Nullable Boolean dedicated) {
  static final String NAME = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?";
  static final String NAME_RULE =
      "must be 1 to 63 lowercase letters, digits or hyphens, begin with a letter and not end with a"
          + " hyphen";
  static final int LABELS = 64;
  static final String LABEL_KEY = "[a-zA-Z0-9]([a-zA-Z0-9._/-]{0,61}[a-zA-Z0-9])?";
  static final String LABEL_KEY_RULE = "a label's key has 1 to 63 letters, digits or . _ / -";
  static final String LABEL_VALUE = "[\\x20-\\x7e]{0,128}";
  static final String LABEL_VALUE_RULE = "a label's value has at most 128 printable characters";
}
