package dev.gpucloud.inventory.instance;

import dev.gpucloud.contracts.event.RunSetup.IngressRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant gives its instance beside a shape: public keys in OpenSSH's form, user data as
 * base64, and who may connect. User data may hold secrets and is not part of {@link #toString()}.
 */
public record InstanceSetup(
    List<String> sshKeys,
    @Nullable String userData,
    List<IngressRule> ingress,
    List<NewVolume> volumes) {
  public static final InstanceSetup NONE = new InstanceSetup(List.of(), null, List.of(), List.of());

  /** A volume that is made with the instance, at its site. */
  public record NewVolume(String name, int sizeGib, boolean boot, boolean deleteOnTermination) {
    /** What an instance of that name boots from; it goes with the instance. */
    public static NewVolume boot(String instance, int sizeGib) {
      return new NewVolume(instance + "-boot", sizeGib, true, true);
    }
  }

  public InstanceSetup {
    sshKeys = List.copyOf(sshKeys);
    ingress = List.copyOf(ingress);
    volumes = List.copyOf(volumes);
  }

  /** The same for an instance of a cluster: its boot volume is named after it. */
  InstanceSetup of(String instance) {
    return new InstanceSetup(
        sshKeys,
        userData,
        ingress,
        volumes.stream().map(v -> v.boot() ? NewVolume.boot(instance, v.sizeGib()) : v).toList());
  }

  /** Whether there is nothing to keep. */
  public boolean isEmpty() {
    return sshKeys.isEmpty() && userData == null && ingress.isEmpty() && volumes.isEmpty();
  }

  @Override
  public String toString() {
    return "InstanceSetup[sshKeys=%d, userData=%s, ingress=%d]"
        .formatted(sshKeys.size(), userData == null ? "none" : "hidden", ingress.size());
  }
}
