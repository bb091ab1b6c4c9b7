package dev.gpucloud.tenant.audit;

import io.quarkus.runtime.LaunchMode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Signs checkpoints with Ed25519. The key comes from the configuration; outside the prod profile
 * the first start makes one and keeps it in a file.
 */
@ApplicationScoped
class SigningKey {
  private static final String ED25519 = "Ed25519";
  private static final int ID_LENGTH = 16;

  private final AuditConfig config;
  private volatile Loaded loaded;

  /** The key and what names it. */
  private record Loaded(PrivateKey secret, String id, String publicKey) {}

  SigningKey(AuditConfig config) {
    this.config = config;
  }

  /** Names the public key: the start of its SHA-256. */
  String id() {
    return key().id();
  }

  /** The public key in X.509 form, base64. */
  String publicKey() {
    return key().publicKey();
  }

  byte[] sign(String text) {
    try {
      Signature signature = Signature.getInstance(ED25519);
      signature.initSign(key().secret());
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a checkpoint cannot be signed", e);
    }
  }

  /** Whether the signature is that of the public key, given as {@link #publicKey} gives it. */
  static boolean verifies(String publicKey, String text, byte[] signed) {
    try {
      PublicKey key =
          KeyFactory.getInstance(ED25519)
              .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey)));
      Signature signature = Signature.getInstance(ED25519);
      signature.initVerify(key);
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return signature.verify(signed);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private Loaded key() {
    if (loaded == null) {
      synchronized (this) {
        if (loaded == null) {
          loaded = load();
        }
      }
    }
    return loaded;
  }

  private Loaded load() {
    try {
      String text = config.signingKey().isPresent() ? config.signingKey().get() : fromFile();
      byte[] secret =
          Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", "").strip());
      KeyPair pair = pair(secret);
      byte[] encoded = pair.getPublic().getEncoded();
      String id =
          HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-256").digest(encoded))
              .substring(0, ID_LENGTH);
      return new Loaded(pair.getPrivate(), id, Base64.getEncoder().encodeToString(encoded));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException("the audit log's signing key cannot be read", e);
    }
  }

  private String fromFile() throws IOException, GeneralSecurityException {
    Path file = config.signingKeyFile();
    if (Files.exists(file)) {
      return Files.readString(file);
    }
    if (LaunchMode.current() == LaunchMode.NORMAL
        && !io.quarkus.runtime.configuration.ConfigUtils.isProfileActive("dev")) {
      throw new IllegalStateException(
          "set GPUCLOUD_AUDIT_LOG_SIGNING_KEY: in production no key is made");
    }
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String made =
        Base64.getEncoder()
            .encodeToString(
                KeyPairGenerator.getInstance(ED25519).generateKeyPair().getPrivate().getEncoded());
    Files.writeString(file, made);
    return made;
  }

  /** The JDK derives the public half when the generator's randomness is the secret itself. */
  private static KeyPair pair(byte[] pkcs8) throws GeneralSecurityException {
    PrivateKey secret =
        KeyFactory.getInstance(ED25519).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    byte[] seed = ((EdECPrivateKey) secret).getBytes().orElseThrow();
    KeyPairGenerator generator = KeyPairGenerator.getInstance(ED25519);
    generator.initialize(
        NamedParameterSpec.ED25519,
        new SecureRandom() {
          @Override
          public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
          }
        });
    return generator.generateKeyPair();
  }
}
