package dev.gpucloud.gateway.limits;

import io.vertx.core.http.HttpMethod;
import java.util.Locale;
import java.util.Set;

/** What a request costs, roughly: each class has limits of its own. */
public enum RouteClass {
  /** Reads. */
  READ,
  /** Changes. */
  WRITE,
  /** Imports, exports and documents: much data or much computing for one request. */
  HEAVY;

  private static final Set<String> HEAVY_SEGMENTS =
      Set.of("imports", "export", "exports", "pdf", "csv", "focus.csv", "focus.parquet");

  /** The class of a request by its method and its path. */
  public static RouteClass of(HttpMethod method, String path) {
    for (String segment : path.split("/")) {
      if (HEAVY_SEGMENTS.contains(segment)) {
        return HEAVY;
      }
    }
    return method == HttpMethod.GET || method == HttpMethod.HEAD ? READ : WRITE;
  }

  /** As it stands in the names of limits. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
