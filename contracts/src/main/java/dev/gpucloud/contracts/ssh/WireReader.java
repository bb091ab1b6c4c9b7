package dev.gpucloud.contracts.ssh;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the fields of a key's bytes: each a length of 4 bytes and that many bytes (RFC 4251). */
final class WireReader {
  private final ByteBuffer buffer;

  WireReader(byte[] blob) {
    buffer = ByteBuffer.wrap(blob);
  }

  byte[] bytes() {
    if (buffer.remaining() < Integer.BYTES) {
      throw new IllegalArgumentException("it is cut short");
    }
    int length = buffer.getInt();
    if (length < 0 || length > buffer.remaining()) {
      throw new IllegalArgumentException("it is cut short");
    }
    byte[] field = new byte[length];
    buffer.get(field);
    return field;
  }

  String text() {
    return new String(bytes(), StandardCharsets.US_ASCII);
  }

  /** A positive number. */
  BigInteger number() {
    byte[] field = bytes();
    if (field.length == 0 || field[0] < 0) {
      throw new IllegalArgumentException("it has a number that is not positive");
    }
    return new BigInteger(field);
  }

  void end() {
    if (buffer.hasRemaining()) {
      throw new IllegalArgumentException("it goes on after its end");
    }
  }
}
