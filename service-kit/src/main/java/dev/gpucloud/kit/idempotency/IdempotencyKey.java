package dev.gpucloud.kit.idempotency;

import dev.gpucloud.contracts.id.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client's key within its scope (tenant, caller, route), with the hash of the request it stands
 * for.
 */
public record IdempotencyKey(
    String scope, String key, byte[] requestHash, @Nullable TenantId tenant) {

  /** Names the stored answer: the first 128 bits of SHA-256 over "scope|key". */
  public UUID id() {
    try {
      byte[] text = (scope + "|" + key).getBytes(StandardCharsets.UTF_8);
      ByteBuffer hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text));
      return new UUID(hash.getLong(), hash.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
