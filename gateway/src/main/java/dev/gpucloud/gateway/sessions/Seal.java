package dev.gpucloud.gateway.sessions;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Seals what a browser keeps for us, so that it can neither read nor change it: JWE, a direct key,
 * A256GCM. What is sealed for one use does not open for another.
 */
@Startup // what is set wrongly keeps the gateway from starting
@Singleton
public class Seal {
  private static final Logger LOG = Logger.getLogger(Seal.class);
  private static final int SHORTEST_SECRET = 32;
  private static final AlgorithmConstraints DIRECT =
      new AlgorithmConstraints(ConstraintType.PERMIT, KeyManagementAlgorithmIdentifiers.DIRECT);
  private static final AlgorithmConstraints A256GCM =
      new AlgorithmConstraints(
          ConstraintType.PERMIT, ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);

  /** By id, the one that seals first. */
  private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();

  @Inject
  Seal(SessionConfig config, PublicAddress address) {
    this(secrets(config, address, ConfigUtils.isProfileActive("prod")));
  }

  Seal(List<String> secrets) {
    for (String secret : secrets) {
      String plain = secret.strip();
      if (plain.length() < SHORTEST_SECRET) {
        throw new IllegalArgumentException(
            "GPUCLOUD_GATEWAY_SESSIONS_KEYS: each secret needs 32 or more random characters.");
      }
      keys.put(
          HexFormat.of().formatHex(hash("id:" + plain), 0, 4),
          new SecretKeySpec(hash("key:" + plain), "AES"));
    }
  }

  private static List<String> secrets(
      SessionConfig config, PublicAddress address, boolean production) {
    List<String> given = config.keys().orElse(List.of());
    if (!given.isEmpty()) {
      return given;
    }
    if (production && address.origin().isPresent()) {
      throw new IllegalArgumentException(
          "GPUCLOUD_GATEWAY_SESSIONS_KEYS is missing: browsers log in here"
              + " (GPUCLOUD_GATEWAY_SESSIONS_PUBLIC_URL), so every replica needs the same secret of"
              + " 32 or more random characters.");
    }
    if (address.origin().isPresent()) {
      LOG.info("No GPUCLOUD_GATEWAY_SESSIONS_KEYS: sessions of browsers end with this process");
    }
    return List.of(Secrets.next());
  }

  /** The content as text that fits into a cookie. */
  String close(String use, JsonObject content) {
    Map.Entry<String, SecretKeySpec> key = keys.entrySet().iterator().next();
    var jwe = new JsonWebEncryption();
    jwe.setAlgorithmHeaderValue(KeyManagementAlgorithmIdentifiers.DIRECT);
    jwe.setEncryptionMethodHeaderParameter(ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);
    jwe.setKeyIdHeaderValue(key.getKey());
    jwe.setHeader("typ", use);
    jwe.setKey(key.getValue());
    jwe.setPayload(content.encode());
    try {
      return jwe.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The content; empty when it is not ours, was changed, or is for another use. */
  Optional<JsonObject> open(String use, String sealed) {
    try {
      var jwe = new JsonWebEncryption();
      jwe.setAlgorithmConstraints(DIRECT);
      jwe.setContentEncryptionAlgorithmConstraints(A256GCM);
      jwe.setCompactSerialization(sealed);
      @Nullable String id = jwe.getKeyIdHeaderValue();
      @Nullable SecretKeySpec key = id == null ? null : keys.get(id);
      if (key == null || !use.equals(jwe.getHeader("typ"))) {
        return Optional.empty();
      }
      jwe.setKey(key);
      return Optional.of(new JsonObject(jwe.getPayload()));
    } catch (JoseException | RuntimeException notOurs) {
      return Optional.empty();
    }
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
