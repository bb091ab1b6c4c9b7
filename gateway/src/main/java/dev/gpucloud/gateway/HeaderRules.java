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
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (!headers.contains("Cache-Control")) {
      headers.set("Cache-Control", "no-store");
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
    String first = headers.get("connection");
    if (first == null) {
      return Set.of();
    }
    List<String> values = headers.getAll("connection");
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
