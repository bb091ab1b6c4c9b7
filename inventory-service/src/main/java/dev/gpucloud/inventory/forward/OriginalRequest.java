package dev.gpucloud.inventory.forward;

import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Vertx;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came in, so that it can be sent on to another replica: its caller's token, its
 * key and its trace with it. {@code addressedTo} is the owner that another replica meant it for,
 * with the {@code pools} it is to try; such a request is never sent on again.
 */
public record OriginalRequest(
    String method,
    String uri,
    Map<String, List<String>> headers,
    byte[] body,
    @Nullable String addressedTo,
    Set<String> pools) {
  /** Names the owner a request was sent on to; the gateway takes it from requests of outside. */
  static final String OWNER = "X-Gpucloud-Owner";

  /** Names the pools that the sender holds to be that owner's, separated by commas. */
  static final String POOLS = "X-Gpucloud-Pools";

  static final String BODY = OriginalRequest.class.getName() + ".body";
  private static final String REQUEST_ID = "X-Request-Id";
  private static final String LOCAL = OriginalRequest.class.getName();
  private static final byte[] EMPTY = new byte[0];

  /** Of one connection only, or written anew. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "host",
          "connection",
          "keep-alive",
          "content-length",
          "transfer-encoding",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "accept-encoding",
          "x-request-id",
          "x-gpucloud-owner",
          "x-gpucloud-pools");

  /** The request that the calling code works for; empty for work that no request asked for. */
  public static Optional<OriginalRequest> current() {
    if (Vertx.currentContext() == null || !VertxContext.isOnDuplicatedContext()) {
      return Optional.empty();
    }
    return ContextLocals.<ContainerRequestContext>get(LOCAL).map(OriginalRequest::of);
  }

  static void begin(ContainerRequestContext request) {
    if (VertxContext.isOnDuplicatedContext()) {
      ContextLocals.put(LOCAL, request);
    }
  }

  private static OriginalRequest of(ContainerRequestContext request) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    request
        .getHeaders()
        .forEach(
            (name, values) -> {
              if (!LEFT_OUT.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, List.copyOf(values));
              }
            });
    Object id = request.getProperty(REQUEST_ID);
    if (id != null) {
      headers.put(REQUEST_ID, List.of(id.toString()));
    }
    var uri = request.getUriInfo().getRequestUri();
    String query = uri.getRawQuery();
    return new OriginalRequest(
        request.getMethod(),
        query == null ? uri.getRawPath() : uri.getRawPath() + "?" + query,
        headers,
        (byte[]) Objects.requireNonNullElse(request.getProperty(BODY), EMPTY),
        request.getHeaderString(OWNER),
        pools(request.getHeaderString(POOLS)));
  }

  private static Set<String> pools(@Nullable String names) {
    return names == null ? Set.of() : Set.copyOf(Arrays.asList(names.split(",")));
  }

  /** Whether another replica sent it on to a holder of leases. */
  public boolean isSentOn() {
    return addressedTo != null;
  }
}
