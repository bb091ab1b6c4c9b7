package dev.gpucloud.gateway;

import io.vertx.core.MultiMap;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which headers cross the edge: none that belongs to one connection, none that claims what only we
 * know.
 */
final class HeaderRules {
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "expect");

  private static final Set<String> SPOOFABLE =
      Set.of(
          "host",
          "forwarded",
          "via",
          "cookie",
          "x-csrf-token",
          "x-real-ip",
          "x-original-url",
          "x-rewrite-url",
          "x-http-method-override",
          "x-method-override",
          "x-http-method",
          "x-request-id",
          "traceparent",
          "baggage");

  /** Of answers: what tells about the inside, and what we set ourselves. */
  private static final Set<String> NOT_OUTSIDE =
      Set.of("server", "x-powered-by", "x-request-id", "set-cookie");

  /** All that a name alone keeps from crossing, of requests and of answers. */
  private static final Set<String> NOT_IN = union(HOP_BY_HOP, SPOOFABLE);

  private static final Set<String> NOT_OUT = union(HOP_BY_HOP, NOT_OUTSIDE);

  private static final Map<CharSequence, CharSequence> SECURITY =
      Map.of(
          HeaderNames.name("X-Content-Type-Options"), HeaderNames.name("nosniff"),
          HeaderNames.name("X-Frame-Options"), HeaderNames.name("DENY"),
          HeaderNames.name("Referrer-Policy"), HeaderNames.name("no-referrer"),
          HeaderNames.name("Content-Security-Policy"),
              HeaderNames.name("default-src 'none'; frame-ancestors 'none'"));
  private static final CharSequence NO_STORE = HeaderNames.name("no-store");

  private HeaderRules() {}

  private static Set<String> union(Set<String> one, Set<String> other) {
    Set<String> both = new HashSet<>(one);
    both.addAll(other);
    return Collections.unmodifiableSet(both);
  }

  static void copyRequest(MultiMap from, MultiMap to) {
    Set<String> named = namedByConnection(from);
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!NOT_IN.contains(name)
          && !name.startsWith("x-forwarded-")
          && !name.startsWith("x-gpucloud-")
          && !named.contains(name)) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }

  static void copyResponse(MultiMap from, MultiMap to) {
    Set<String> named = namedByConnection(from);
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!NOT_OUT.contains(name) && !name.startsWith("x-gpucloud-") && !named.contains(name)) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }

  /** Sent with every answer, ours or a service's. */
  static void secure(MultiMap headers) {
    SECURITY.forEach(headers::set);
    if (!headers.contains(HeaderNames.CACHE_CONTROL)) {
      headers.set(HeaderNames.CACHE_CONTROL, NO_STORE);
    }
  }

  static long bytes(MultiMap headers) {
    long sum = 0;
    for (Map.Entry<String, String> header : headers) {
      sum += header.getKey().length() + header.getValue().length() + 4L;
    }
    return sum;
  }

  private static Set<String> namedByConnection(MultiMap headers) {
    String first = headers.get(HeaderNames.CONNECTION);
    if (first == null) {
      return Set.of();
    }
    List<String> values = headers.getAll(HeaderNames.CONNECTION);
    if (values.size() == 1 && HOP_BY_HOP.contains(first.toLowerCase(Locale.ROOT))) {
      return Set.of(); // "keep-alive", of nearly every answer
    }
    return values.stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(name -> name.strip().toLowerCase(Locale.ROOT))
        // What the caller names as connection-bound must still not remove what we rely on.
        .filter(name -> !name.equals("authorization") && !name.equals("content-length"))
        .collect(Collectors.toSet());
  }
}
