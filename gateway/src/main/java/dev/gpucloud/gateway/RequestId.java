package dev.gpucloud.gateway;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id by which a caller and the logs name one request: the caller's own if it is harmless, else
 * ours.
 */
final class RequestId {
  static final String HEADER = "X-Request-Id";
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");

  private RequestId() {}

  static String accept(@Nullable String offered) {
    return offered != null && SANE.matcher(offered).matches() ? offered : made();
  }

  /** A random UUID (RFC 9562, version 4); nobody may rely on its being secret. */
  private static String made() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = random.nextLong() & ~0xF000L | 0x4000L;
    long low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }
}
