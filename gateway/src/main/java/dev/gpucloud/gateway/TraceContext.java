package dev.gpucloud.gateway;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The W3C trace a request belongs to: the caller's, continued with a span of ours, or a new one.
 * Ids are for correlation only, never for security.
 */
record TraceContext(String traceId, String spanId, String flags) {
  static final String HEADER = "traceparent";
  private static final Pattern VERSION_00 =
      Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");
  private static final String NO_TRACE = "0".repeat(32);
  private static final String NO_SPAN = "0".repeat(16);

  static TraceContext continuing(@Nullable String traceparent) {
    if (traceparent != null) {
      Matcher m = VERSION_00.matcher(traceparent.strip());
      if (m.matches() && !m.group(1).equals(NO_TRACE) && !m.group(2).equals(NO_SPAN)) {
        return new TraceContext(m.group(1), randomHex(8), m.group(3));
      }
    }
    return new TraceContext(randomHex(16), randomHex(8), "01");
  }

  String traceparent() {
    return "00-" + traceId + "-" + spanId + "-" + flags;
  }

  private static String randomHex(int bytes) {
    byte[] random = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(random);
    random[0] |= 1;
    return HexFormat.of().formatHex(random);
  }
}
