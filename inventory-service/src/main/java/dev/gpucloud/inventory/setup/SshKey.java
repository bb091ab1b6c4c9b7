package dev.gpucloud.inventory.setup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * A public key in OpenSSH's one-line form. {@code fingerprint} is what {@code ssh-keygen -l} shows;
 * the comment is whatever its owner wrote after the key.
 */
public record SshKey(String type, String fingerprint, String comment) {
  private static final Set<String> TYPES =
      Set.of(
          "ssh-ed25519",
          "ssh-rsa",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521",
          "sk-ssh-ed25519@openssh.com",
          "sk-ecdsa-sha2-nistp256@openssh.com");
  private static final int LEAST_BYTES = 32;

  /** Reads a line; empty when it is no public key, a private one or one with options before it. */
  public static Optional<SshKey> parse(String line) {
    String[] parts = line.strip().split("[ \\t]+", 3);
    if (parts.length < 2 || !TYPES.contains(parts[0]) || line.chars().anyMatch(c -> c < 0x20)) {
      return Optional.empty();
    }
    try {
      byte[] blob = Base64.getDecoder().decode(parts[1]);
      return named(blob).equals(parts[0]) && blob.length >= LEAST_BYTES
          ? Optional.of(new SshKey(parts[0], fingerprint(blob), parts.length < 3 ? "" : parts[2]))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The type that the key's own bytes begin with. */
  private static String named(byte[] blob) {
    ByteBuffer bytes = ByteBuffer.wrap(blob);
    int length = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
    if (length < 0 || length > bytes.remaining()) {
      return "";
    }
    return new String(blob, Integer.BYTES, length, StandardCharsets.US_ASCII);
  }

  private static String fingerprint(byte[] blob) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
