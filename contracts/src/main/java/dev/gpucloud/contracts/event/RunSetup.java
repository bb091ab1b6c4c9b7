package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run is given beside its GPUs. {@code userData} is base64 and may hold secrets: it is never
 * part of {@link #toString()}. {@code privateAddress} carries the length of its network's prefix;
 * {@code partitionKey} is the InfiniBand P_Key of the tenant.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunSetup(
    @Nullable List<String> sshKeys,
    @Nullable String userData,
    @Nullable List<AttachedVolume> volumes,
    @Nullable String privateAddress,
    @Nullable List<IngressRule> ingress,
    @Nullable Integer partitionKey) {

  /** A volume that the run shall see; {@code boot} is the one that it boots from. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record AttachedVolume(String volumeId, String name, int sizeGib, boolean boot) {}

  /** Who may open connections to a range of ports. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record IngressRule(String protocol, int fromPort, int toPort, String cidr) {}

  /** The same with other volumes. */
  public RunSetup with(List<AttachedVolume> others) {
    return new RunSetup(
        sshKeys, userData, others.isEmpty() ? null : others, privateAddress, ingress, partitionKey);
  }

  @Override
  public String toString() {
    return "RunSetup[sshKeys=%d, userData=%s, volumes=%s, privateAddress=%s, ingress=%s, partitionKey=%s]"
        .formatted(
            sshKeys == null ? 0 : sshKeys.size(),
            userData == null ? "none" : "hidden",
            volumes,
            privateAddress,
            ingress,
            partitionKey);
  }
}
