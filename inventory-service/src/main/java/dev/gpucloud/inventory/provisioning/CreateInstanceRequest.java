package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.inventory.instance.InstanceSetup.NewVolume;
import dev.gpucloud.inventory.setup.IngressRequest;
import dev.gpucloud.inventory.setup.Setups;
import dev.gpucloud.inventory.volume.NewVolumeRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The instance a tenant asks for. Without a site it may go wherever the tenant may run; without an
 * image it boots the preferred one. User data is given to its first boot, as text or as base64.
 */
@Schema(
    examples =
        """
        {
          "name": "trainer-1",
          "instanceType": "b200.1x",
          "site": "kr-cheongju-1",
          "image": "ubuntu-24.04-cuda-13",
          "labels": {"run": "spring"},
          "ingress": [{"protocol": "TCP", "fromPort": 22, "cidr": "203.0.113.0/24"}]
        }""")
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
        @Nullable Boolean dedicated,
    @Schema(examples = "ubuntu-24.04-cuda-13") @Nullable String image,
    @Nullable @Size(max = Setups.MOST_KEYS, message = "at most 16 keys")
        List<@NotNull @Size(max = 8192, message = "at most 8192 characters") String> sshKeys,
    @Nullable @Size(max = Setups.MOST_USER_DATA_BYTES, message = "at most 49152 bytes")
        String userData,
    @Nullable @Size(max = 65_536, message = "at most 49152 bytes") String userDataBase64,
    @Nullable @Size(max = Setups.MOST_RULES, message = "at most 64 rules")
        List<@NotNull @Valid IngressRequest> ingress,
    @Schema(examples = "200")
        @Nullable
        @Min(value = 10, message = "must be 10 to 4096")
        @Max(value = 4096, message = "must be 10 to 4096")
        Integer bootVolumeGib,
    @Nullable @Size(max = 15, message = "at most 15 volumes")
        List<@NotNull @Valid NewVolumeRequest> volumes) {

  /** The volumes that are made with it; the one that it boots from goes with it. */
  List<NewVolume> newVolumes() {
    List<NewVolume> all = new ArrayList<>();
    if (bootVolumeGib != null) {
      all.add(NewVolume.boot(name, bootVolumeGib));
    }
    if (volumes != null) {
      volumes.forEach(volume -> all.add(volume.volume()));
    }
    return all;
  }

  /** User data may hold secrets. */
  @Override
  public String toString() {
    return "CreateInstanceRequest[name=%s, instanceType=%s, site=%s, image=%s]"
        .formatted(name, instanceType, site, image);
  }

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
