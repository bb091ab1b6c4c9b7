package dev.gpucloud.verifier;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** The public key that was noted, under the name that checkpoints have for it. */
record LogKey(PublicKey key, String id) {
  private static final int ID_LENGTH = 16;

  /**
   * @param text Ed25519 in X.509 form, base64
   */
  static LogKey of(String text) {
    try {
      byte[] encoded = Base64.getDecoder().decode(text.strip());
      return new LogKey(
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)),
          HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-256").digest(encoded))
              .substring(0, ID_LENGTH));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the public key is no Ed25519 key in base64; 'gpucloud audit public-keys --file' writes"
              + " one",
          e);
    }
  }

  boolean signed(String text, String signature) {
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(text.getBytes(StandardCharsets.UTF_8));
      return check.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}
