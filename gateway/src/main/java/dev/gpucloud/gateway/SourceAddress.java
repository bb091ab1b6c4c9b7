package dev.gpucloud.gateway;

import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a request comes from, for limits and the services' audit entries: the peer of the
 * connection, or what the outermost trusted proxy saw. What a caller itself wrote into the header
 * is never believed.
 */
final class SourceAddress {
  static final String FORWARDED_FOR = "X-Forwarded-For";
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");

  private SourceAddress() {}

  /** The address a request comes from, with so many proxies in front. */
  static String of(HttpServerRequest request, int trustedProxies) {
    String peer = request.connection().remoteAddress().hostAddress();
    return trustedProxies == 0
        ? peer
        : of(peer, request.headers().getAll(FORWARDED_FOR), trustedProxies);
  }

  /**
   * The address.
   *
   * @param peer of the connection
   * @param forwardedFor the request's X-Forwarded-For headers, in their order
   * @param trustedProxies how many proxies stand in front, each of which adds one address
   */
  static String of(String peer, List<String> forwardedFor, int trustedProxies) {
    if (trustedProxies == 0) {
      return peer;
    }
    List<String> addresses =
        forwardedFor.stream()
            .flatMap(header -> Arrays.stream(header.split(",")))
            .map(String::strip)
            .toList();
    int outermost = addresses.size() - trustedProxies;
    return outermost >= 0 && ADDRESS.matcher(addresses.get(outermost)).matches()
        ? addresses.get(outermost)
        : peer;
  }
}
