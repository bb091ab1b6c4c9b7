package dev.gpucloud.tenant.audit.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A place in the chain: how many entries there are up to it, and the hash that binds all of them.
 *
 * @param hash 32 bytes in lower-case hexadecimal
 */
public record ChainLink(long sequence, String hash) {
  private static final HexFormat HEX = HexFormat.of();

  /** Before the first entry. */
  public static final ChainLink START = new ChainLink(0, "0".repeat(64));

  /** What an entry's canonical text adds to the chain, in hexadecimal. */
  public static String entryHash(String canonical) {
    return sha256(canonical);
  }

  /** The link that follows; it binds the sequence, the category, the entry and all before. */
  public ChainLink next(String category, String entryHash) {
    long following = sequence + 1;
    return new ChainLink(
        following,
        sha256(
            String.join(
                "\n", "gpucloud-audit-1", Long.toString(following), category, hash, entryHash)));
  }

  private static String sha256(String text) {
    try {
      return HEX.formatHex(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
