package dev.gpucloud.devstack.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Every password of a stack, derived from the one secret that its data folder keeps: the same name
 * gets the same password for as long as the folder lives, and no two names share one.
 */
public final class Passwords {
  private static final String ALPHABET = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";
  private static final int LENGTH = 20;

  private final String secret;

  public Passwords(String secret) {
    this.secret = secret;
  }

  /** A new random secret of 256 bits. */
  public static String newSecret() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** The password of this name: 20 letters and digits that are not mistaken for one another. */
  public String of(String name) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] digest = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
      StringBuilder password = new StringBuilder();
      for (int i = 0; i < LENGTH; i++) {
        password.append(ALPHABET.charAt(Byte.toUnsignedInt(digest[i]) % ALPHABET.length()));
      }
      return password.toString();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK lacks HmacSHA256", e);
    }
  }
}
