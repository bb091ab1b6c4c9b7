package dev.gpucloud.contracts.key;

import dev.gpucloud.contracts.id.ApiKeyId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * An API key as its holder has it: {@code gck_<id>_<secret><checksum>}. The id (32 hexadecimal
 * digits) is public; the secret (256 random bits, 43 letters and digits) is known to its holder
 * alone; the checksum (6 of them) tells a mistyped or cut key from a wrong one without asking
 * anybody. Printing the object shows the id only.
 */
public final class ApiKey {
  /** What every key begins with, so that scanners of code and logs find one. */
  public static final String PREFIX = "gck_";

  /** Bytes of a secret. */
  public static final int SECRET_BYTES = 32;

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
  private static final int SECRET_LENGTH = 43;
  private static final int CHECKSUM_LENGTH = 6;
  private static final Pattern FORM =
      Pattern.compile("gck_([0-9a-f]{32})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})");

  private final ApiKeyId id;
  private final byte[] secret;

  private ApiKey(ApiKeyId id, byte[] secret) {
    this.id = id;
    this.secret = secret.clone();
  }

  /**
   * A key of a new id and {@value #SECRET_BYTES} random bytes.
   *
   * @throws IllegalArgumentException when the secret has another length
   */
  public static ApiKey of(ApiKeyId id, byte[] secret) {
    if (secret.length != SECRET_BYTES) {
      throw new IllegalArgumentException("a secret has " + SECRET_BYTES + " bytes");
    }
    return new ApiKey(id, secret);
  }

  /** Reads a key; empty when its form or its checksum is wrong. */
  public static Optional<ApiKey> parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    BigInteger number = number(parts.group(2));
    if (number.bitLength() > SECRET_BYTES * 8) {
      return Optional.empty();
    }
    ApiKey key = new ApiKey(id(parts.group(1)), bytes(number));
    return key.text().equals(text) ? Optional.of(key) : Optional.empty();
  }

  public ApiKeyId id() {
    return id;
  }

  /** The whole key: shown to its holder once, never stored, never logged. */
  public String text() {
    String open = PREFIX + id.value().toString().replace("-", "") + "_";
    String body = open + digits(new BigInteger(1, secret), SECRET_LENGTH);
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    return body + digits(BigInteger.valueOf(crc.getValue()), CHECKSUM_LENGTH);
  }

  /** SHA-256 of the secret: all that is stored of it. */
  public byte[] secretHash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return id.toString();
  }

  private static ApiKeyId id(String hex) {
    return new ApiKeyId(
        new UUID(
            Long.parseUnsignedLong(hex.substring(0, 16), 16),
            Long.parseUnsignedLong(hex.substring(16), 16)));
  }

  private static String digits(BigInteger number, int length) {
    var text = new StringBuilder();
    for (BigInteger rest = number; text.length() < length; rest = rest.divide(BASE)) {
      text.append(DIGITS.charAt(rest.mod(BASE).intValue()));
    }
    return text.reverse().toString();
  }

  private static BigInteger number(String digits) {
    BigInteger number = BigInteger.ZERO;
    for (int i = 0; i < digits.length(); i++) {
      number = number.multiply(BASE).add(BigInteger.valueOf(DIGITS.indexOf(digits.charAt(i))));
    }
    return number;
  }

  private static byte[] bytes(BigInteger number) {
    byte[] minimal = number.toByteArray();
    byte[] bytes = new byte[SECRET_BYTES];
    int from = Math.max(0, minimal.length - SECRET_BYTES);
    int length = minimal.length - from;
    System.arraycopy(minimal, from, bytes, SECRET_BYTES - length, length);
    return bytes;
  }
}
