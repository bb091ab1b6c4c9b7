package dev.gpucloud.inventory.setup;

import dev.gpucloud.contracts.ssh.SshPublicKey;
import java.util.Optional;

/** A public key as it is shown: by its kind, its fingerprint and its owner's comment. */
public record SshKey(String type, String fingerprint, String comment) {
  /** The key of a line; empty for one that would not be taken today. */
  public static Optional<SshKey> of(String line) {
    return SshPublicKey.read(line) instanceof SshPublicKey.Reading.Key(SshPublicKey key)
        ? Optional.of(new SshKey(key.type().word(), key.fingerprint(), key.comment()))
        : Optional.empty();
  }
}
