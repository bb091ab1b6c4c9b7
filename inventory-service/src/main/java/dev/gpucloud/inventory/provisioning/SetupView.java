package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.event.RunSetup;
import dev.gpucloud.contracts.event.RunSetup.AttachedVolume;
import dev.gpucloud.contracts.event.RunSetup.IngressRule;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.setup.SshKey;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What an instance is beside its GPUs. Keys are shown by their fingerprints, user data not at all;
 * {@code privateAddress} carries its network's prefix, {@code partitionKey} is the tenant's on the
 * site's InfiniBand. What the site's driver does not provide is missing.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SetupView(
    @Schema(examples = "ubuntu-24.04-cuda-13:20261001") @Nullable String image,
    String loginUser,
    List<SshKey> sshKeys,
    boolean hasUserData,
    @Schema(examples = "10.64.0.4/22") @Nullable String privateAddress,
    List<IngressRule> ingress,
    List<AttachedVolume> volumes,
    @Schema(description = "Hexadecimal, such as 0x0001.") @Nullable String partitionKey) {

  static SetupView of(InstanceEntity i, RunSetup setup, String loginUser) {
    List<String> keys = setup.sshKeys();
    List<IngressRule> ingress = setup.ingress();
    List<AttachedVolume> volumes = setup.volumes();
    Integer partition = setup.partitionKey();
    return new SetupView(
        i.image(),
        loginUser,
        keys == null ? List.of() : keys.stream().flatMap(line -> SshKey.of(line).stream()).toList(),
        setup.userData() != null,
        setup.privateAddress(),
        ingress == null ? List.of() : ingress,
        volumes == null ? List.of() : volumes,
        partition == null ? null : "0x%04x".formatted(partition));
  }

  /** How to reach an instance: the command needs the private half of one of the keys. */
  public record ConnectView(
      String address, int port, String user, String command, List<SshKey> sshKeys) {}

  /** User data as it was given, in base64. */
  public record UserDataView(String userDataBase64) {}
}
