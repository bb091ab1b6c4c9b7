package dev.gpucloud.contracts.ssh;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/**
 * A public key in OpenSSH's one-line form. {@code fingerprint} is what {@code ssh-keygen -l} shows,
 * {@code bits} the size it shows; the comment is whatever its owner wrote after the key.
 */
public record SshPublicKey(
    KeyType type, String base64, int bits, String fingerprint, String comment) {

  /** What a line turned out to be. */
  public sealed interface Reading {
    /** A key that may be used. */
    record Key(SshPublicKey key) implements Reading {}

    /** Why it is none, and what to do. */
    record Refused(String why) implements Reading {}
  }

  /** Reads one line; options before the key are refused. */
  public static Reading read(String line) {
    String text = line.strip();
    if (text.contains("PRIVATE KEY")) {
      return new Reading.Refused(
          "is a private key, which nobody else should see; give the line of the .pub file");
    }
    if (text.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) {
      return new Reading.Refused("must be one line without control characters");
    }
    String[] parts = text.split("[ \\t]+", 3);
    Optional<KeyType> type = KeyType.named(parts[0]);
    if (type.isEmpty() || parts.length < 2) {
      return new Reading.Refused(notAKey(parts[0]));
    }
    try {
      return read(type.get(), parts[1], parts.length < 3 ? "" : parts[2]);
    } catch (IllegalArgumentException e) {
      return new Reading.Refused("does not hold a " + parts[0] + " key: " + e.getMessage());
    }
  }

  private static String notAKey(String word) {
    return word.equals("ssh-dss")
        ? "DSA keys are not safe any more; make one with: ssh-keygen -t ed25519"
        : "must be one public key in OpenSSH's form, such as 'ssh-ed25519 AAAA... name'";
  }

  private static Reading read(KeyType type, String base64, String comment) {
    byte[] blob = Base64.getDecoder().decode(base64);
    WireReader wire = new WireReader(blob);
    String named = wire.text();
    if (!named.equals(type.word())) {
      throw new IllegalArgumentException("its own bytes say '" + printable(named) + "'");
    }
    int bits = type.bits(wire);
    wire.end();
    if (bits < type.leastBits() || bits > KeyType.MOST_RSA_BITS) {
      return new Reading.Refused(
          "an RSA key needs %d to %d bits, this one has %d; make one with: ssh-keygen -t ed25519"
              .formatted(type.leastBits(), KeyType.MOST_RSA_BITS, bits));
    }
    return new Reading.Key(
        new SshPublicKey(
            type,
            Base64.getEncoder().encodeToString(blob),
            bits,
            fingerprint(blob),
            comment.strip()));
  }

  private static String printable(String text) {
    return text.length() <= 64 && text.chars().allMatch(c -> c > ' ' && c < 0x7f) ? text : "?";
  }

  private static String fingerprint(byte[] blob) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key as one line, with single blanks. */
  public String line() {
    return type.word() + " " + base64 + (comment.isEmpty() ? "" : " " + comment);
  }

  /** The line of {@code ssh-keygen -l} for it. */
  public String listing() {
    return "%d %s %s (%s)"
        .formatted(bits, fingerprint, comment.isEmpty() ? "no comment" : comment, type.family());
  }
}
