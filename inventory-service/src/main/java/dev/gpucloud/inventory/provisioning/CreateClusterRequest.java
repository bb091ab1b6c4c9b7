package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.inventory.setup.IngressRequest;
import dev.gpucloud.inventory.setup.Setups;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The cluster a tenant asks for: so many instances of one type, placed all or nothing, and spares,
 * further instances on hosts of their own. The instances are named after the cluster with a number;
 * image, keys, user data, allow-list and the size of a boot volume are those of each of them.
 */
@Schema(
    examples =
        """
        {
          "name": "train-1",
          "instanceType": "b200.8x",
          "instances": 4,
          "topology": {"within": [{"level": "FABRIC", "strength": "REQUIRED"}]},
          "image": "ubuntu-24.04-cuda-13",
          "labels": {"run": "spring"}
        }""")
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
        @Nullable Boolean dedicated,
    @Schema(examples = "ubuntu-24.04-cuda-13") @Nullable String image,
    @Nullable @Size(max = Setups.MOST_KEYS, message = "at most 16 keys")
        List<@NotNull @Size(max = 8192, message = "at most 8192 characters") String> sshKeys,
    @Nullable @Size(max = Setups.MOST_USER_DATA_BYTES, message = "at most 49152 bytes")
        String userData,
    @Nullable @Size(max = 65_536, message = "at most 49152 bytes") String userDataBase64,
    @Nullable @Size(max = Setups.MOST_RULES, message = "at most 64 rules")
        List<@NotNull @Valid IngressRequest> ingress,
    @Schema(description = "Of each instance's own boot volume; needs a site.", examples = "200")
        @Nullable
        @Min(value = 10, message = "must be 10 to 4096")
        @Max(value = 4096, message = "must be 10 to 4096")
        Integer bootVolumeGib) {
  static final int MOST_INSTANCES = 1024;
  static final String MOST_INSTANCES_RULE = "must be at most 1024";
  static final int MOST_SPARES = 64;
  static final String NAME = "[a-z]([a-z0-9-]{0,55}[a-z0-9])?";
  static final String NAME_RULE =
      "must be 1 to 57 lowercase letters, digits or hyphens, begin with a letter and not end with a"
          + " hyphen";

  /** What each of its instances is asked to be. */
  CreateInstanceRequest each() {
    return new CreateInstanceRequest(
        name,
        instanceType,
        site,
        purchaseClass,
        labels,
        null,
        dedicated,
        image,
        sshKeys,
        userData,
        userDataBase64,
        ingress,
        bootVolumeGib,
        null);
  }

  /** User data may hold secrets. */
  @Override
  public String toString() {
    return "CreateClusterRequest[name=%s, instanceType=%s, instances=%s, site=%s, image=%s]"
        .formatted(name, instanceType, instances, site, image);
  }

  int sparesOrNone() {
    return spares == null ? 0 : spares;
  }
}
