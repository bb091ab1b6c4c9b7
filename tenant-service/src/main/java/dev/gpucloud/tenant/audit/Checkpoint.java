package dev.gpucloud.tenant.audit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;

/**
 * A signed word on how long the chain was at a time, and its hash there.
 *
 * @param signature Ed25519 over {@link #signedText}, base64
 */
public record Checkpoint(long count, String hash, Instant at, String keyId, String signature) {

  /** What is signed: the four values, a line each. */
  @JsonIgnore
  static String signedText(long count, String hash, Instant at, String keyId) {
    return String.join(
        "\n", "gpucloud-audit-checkpoint-1", Long.toString(count), hash, at.toString(), keyId);
  }

  String signedText() {
    return signedText(count, hash, at, keyId);
  }
}
