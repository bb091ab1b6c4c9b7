package dev.gpucloud.gateway;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Lets pages of listed origins call the API from a browser (the CORS protocol of the Fetch
 * standard). For any other origin nothing is said, so that its browser keeps the answer from the
 * page; whoever is no browser notices nothing.
 */
@Singleton
class CrossOrigin {
  /** What a page may send beyond what every page may. */
  private static final Set<String> SENT =
      Set.of(
          "authorization",
          "content-type",
          "idempotency-key",
          "if-match",
          "if-none-match",
          "last-event-id",
          "x-request-id");

  /** What a page may read beyond what every page may. */
  private static final Set<String> READ =
      Set.of(
          "Content-Disposition",
          "ETag",
          "Idempotency-Replayed",
          "Link",
          "Location",
          "RateLimit",
          "RateLimit-Policy",
          "Retry-After",
          "WWW-Authenticate",
          "X-Request-Id");

  private final Set<String> origins;
  private final int maxAgeSeconds;

  CrossOrigin(GatewayConfig config) {
    this.origins =
        config.cors().origins().orElse(List.of()).stream()
            .map(CrossOrigin::checked)
            .collect(Collectors.toCollection(TreeSet::new));
    this.maxAgeSeconds = Math.toIntExact(config.cors().maxAge().toSeconds());
  }

  /**
   * The origin as a browser sends it.
   *
   * @throws IllegalArgumentException when it is none
   */
  static String checked(String origin) {
    URI uri = URI.create(origin.equals("*") ? "" : origin);
    boolean isOrigin =
        uri.getHost() != null
            && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
            && origin.equals(uri.getScheme() + "://" + uri.getRawAuthority())
            && uri.getRawUserInfo() == null;
    if (!isOrigin) {
      throw new IllegalArgumentException(
          "GPUCLOUD_GATEWAY_CORS_ORIGINS: "
              + origin
              + " is no origin; name each as scheme, host and port, such as"
              + " https://console.example.com");
    }
    return origin;
  }

  void install(@Observes Router router) {
    if (origins.isEmpty()) {
      return;
    }
    CorsHandler handler =
        CorsHandler.create()
            .addOrigins(List.copyOf(origins))
            .allowedMethods(Edge.METHODS)
            .allowedHeaders(SENT)
            .exposedHeaders(READ)
            .maxAgeSeconds(maxAgeSeconds);
    router
        .route()
        .order(Edge.ORDER - 1)
        .handler(
            ctx -> {
              if (isListed(ctx)) {
                handler.handle(ctx);
              } else {
                ctx.next();
              }
            });
  }

  private boolean isListed(RoutingContext ctx) {
    String origin = ctx.request().getHeader("Origin");
    boolean listed = origin != null && origins.contains(origin);
    if (!listed && ctx.request().method() != HttpMethod.OPTIONS) {
      ctx.response().headers().add("Vary", "origin"); // another origin's answer differs
    }
    return listed;
  }
}
