package dev.gpucloud.contracts.ssh;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/** The kinds of public keys that are taken; those with SK live in a hardware token. */
public enum KeyType {
  ED25519("ssh-ed25519", "ED25519", 256, false),
  ED25519_SK("sk-ssh-ed25519@openssh.com", "ED25519-SK", 256, true),
  ECDSA_256("ecdsa-sha2-nistp256", "ECDSA", 256, false),
  ECDSA_384("ecdsa-sha2-nistp384", "ECDSA", 384, false),
  ECDSA_521("ecdsa-sha2-nistp521", "ECDSA", 521, false),
  ECDSA_SK("sk-ecdsa-sha2-nistp256@openssh.com", "ECDSA-SK", 256, true),
  RSA("ssh-rsa", "RSA", 2048, false);

  static final int MOST_RSA_BITS = 16_384;
  private static final int ED25519_BYTES = 32;
  private static final byte UNCOMPRESSED = 4;

  private final String word;
  private final String family;
  private final int leastBits;
  private final boolean token;

  KeyType(String word, String family, int leastBits, boolean token) {
    this.word = word;
    this.family = family;
    this.leastBits = leastBits;
    this.token = token;
  }

  /** The word that a key's line and its own bytes begin with. */
  public String word() {
    return word;
  }

  /** What {@code ssh-keygen -l} calls it. */
  public String family() {
    return family;
  }

  int leastBits() {
    return leastBits;
  }

  static Optional<KeyType> named(String word) {
    return Arrays.stream(values()).filter(type -> type.word.equals(word)).findFirst();
  }

  /** Reads the numbers of the key and answers its size; what follows is for the caller. */
  int bits(WireReader wire) {
    int bits =
        switch (this) {
          case ED25519, ED25519_SK -> ed25519(wire);
          case RSA -> rsa(wire);
          default -> ecdsa(wire);
        };
    if (token && wire.text().isEmpty()) {
      throw new IllegalArgumentException("it names no application");
    }
    return bits;
  }

  private int ed25519(WireReader wire) {
    if (wire.bytes().length != ED25519_BYTES) {
      throw new IllegalArgumentException("its point has not 32 bytes");
    }
    return leastBits;
  }

  private int ecdsa(WireReader wire) {
    if (!wire.text().equals("nistp" + leastBits)) {
      throw new IllegalArgumentException("its curve is not nistp" + leastBits);
    }
    byte[] point = wire.bytes();
    if (point.length != 1 + 2 * ((leastBits + 7) / 8) || point[0] != UNCOMPRESSED) {
      throw new IllegalArgumentException("its point is not one of the curve");
    }
    return leastBits;
  }

  private static int rsa(WireReader wire) {
    BigInteger exponent = wire.number();
    BigInteger modulus = wire.number();
    boolean odd = exponent.testBit(0) && modulus.testBit(0);
    if (!odd || exponent.compareTo(BigInteger.valueOf(3)) < 0) {
      throw new IllegalArgumentException("its exponent or modulus is none of RSA");
    }
    return modulus.bitLength();
  }
}
