package dev.gpucloud.kit.http;

import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import org.jspecify.annotations.Nullable;

/** The method and path template of a request: a name with few values, whatever the path has. */
public final class RouteOf {
  private RouteOf() {}

  /** Such as {@code POST /api/v1/projects/{project}/instances}; without a resource, the method. */
  public static String request(ContainerRequestContext request, @Nullable ResourceInfo resource) {
    return request.getMethod() + " " + template(resource);
  }

  private static String template(@Nullable ResourceInfo resource) {
    return resource == null || resource.getResourceMethod() == null
        ? ""
        : path(resource.getResourceClass().getAnnotation(Path.class))
            + path(resource.getResourceMethod().getAnnotation(Path.class));
  }

  private static String path(@Nullable Path path) {
    if (path == null || path.value().equals("/")) {
      return "";
    }
    return path.value().startsWith("/") ? path.value() : "/" + path.value();
  }
}
