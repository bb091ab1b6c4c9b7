package dev.gpucloud.gateway.limits;

import dev.gpucloud.gateway.limits.engine.Standing;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/**
 * Tells a client how its limits stand, in the fields of draft-ietf-httpapi-ratelimit-headers-10.
 */
public final class RateHeaders {
  /** What the limits are. */
  public static final String POLICY = "RateLimit-Policy";

  /** What is left of them. */
  public static final String STATE = "RateLimit";

  private static final CharSequence POLICY_NAME = HttpHeaders.createOptimized(POLICY);
  private static final CharSequence STATE_NAME = HttpHeaders.createOptimized(STATE);

  private RateHeaders() {}

  static void write(List<Standing> standings, MultiMap headers) {
    StringBuilder policies = new StringBuilder(64);
    StringBuilder states = new StringBuilder(64);
    for (Standing s : standings) {
      next(policies, s.limit())
          .append(";q=")
          .append(s.allowance().requests())
          .append(";w=")
          .append(s.allowance().windowSeconds());
      next(states, s.limit())
          .append(";r=")
          .append(s.remaining())
          .append(";t=")
          .append(s.secondsUntilFull());
    }
    headers.set(POLICY_NAME, policies.toString());
    headers.set(STATE_NAME, states.toString());
  }

  private static StringBuilder next(StringBuilder list, String limit) {
    return list.append(list.isEmpty() ? "\"" : ", \"").append(limit).append('"');
  }
}
