package dev.gpucloud.kit.http;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.regex.Pattern;

/** Where a request came from; information, not proof. */
public final class SourceAddress {
  private static final String SOURCE = "X-Forwarded-For";
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");

  private SourceAddress() {}

  /** What the gateway saw; a request from inside has no such header and is named by its socket. */
  public static String of(ContainerRequestContext request, HttpServerRequest http) {
    String forwarded = request.getHeaderString(SOURCE);
    if (forwarded != null && ADDRESS.matcher(forwarded).matches()) {
      return forwarded;
    }
    return http.remoteAddress() == null ? "" : http.remoteAddress().hostAddress();
  }
}
