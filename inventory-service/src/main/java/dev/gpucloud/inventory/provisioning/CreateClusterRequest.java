package dev.gpucloud.inventory.provisioning;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The cluster a tenant asks for: so many instances of one type, placed all or nothing, and spares,
 * further instances on hosts of their own. The instances are named after the cluster with a number.
 */
public record CreateClusterRequest(
    @Schema(examples = "train-1") @NotNull @Pattern(regexp = NAME, message = NAME_RULE) String name,
    @Schema(examples = "b200.8x") @NotBlank(message = "must name an instance type")
        String instanceType,
    @Schema(examples = "16")
        @NotNull(message = "must be given")
        @Min(value = 1, message = "must be at least 1")
        @Max(value = MOST_INSTANCES, message = MOST_INSTANCES_RULE)
        Integer instances,
    @Schema(examples = "1")
        @Nullable
        @Min(value = 0, message = "must be at least 0")
        @Max(value = MOST_SPARES, message = "must be at most 64")
        Integer spares,
    @Nullable @Valid TopologyRequest topology,
    @Schema(examples = "kr-ulsan-1") @Nullable String site,
    @Schema(examples = "ON_DEMAND") @Nullable String purchaseClass,
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
            labels,
    @Schema(description = "Only on hosts that are empty or that the tenant has to itself already.")
        @Nullable Boolean dedicated) {
  static final int MOST_INSTANCES = 1024;
  static final String MOST_INSTANCES_RULE = "must be at most 1024";
  static final int MOST_SPARES = 64;
  static final String NAME = "[a-z]([a-z0-9-]{0,55}[a-z0-9])?";
  static final String NAME_RULE =
      "must be 1 to 57 lowercase letters, digits or hyphens, begin with a letter and not end with a"
          + " hyphen";

  int sparesOrNone() {
    return spares == null ? 0 : spares;
  }
}
