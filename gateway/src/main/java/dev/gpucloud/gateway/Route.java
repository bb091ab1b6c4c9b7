package dev.gpucloud.gateway;

import java.util.List;

/**
 * One row of the route table: a pattern of path segments below {@code /api/v1} and the service that
 * owns it. {@code *} stands for one segment; a trailing {@code **} for any number, none included.
 */
record Route(String pattern, List<String> segments, Upstream upstream, boolean isImport) {

  static Route to(Upstream upstream, String pattern) {
    return new Route(pattern, List.of(pattern.split("/")), upstream, pattern.contains("imports/"));
  }

  boolean matches(List<String> path) {
    for (int i = 0; i < segments.size(); i++) {
      String expected = segments.get(i);
      if (expected.equals("**")) {
        return true;
      }
      if (i >= path.size() || !(expected.equals("*") || expected.equals(path.get(i)))) {
        return false;
      }
    }
    return path.size() == segments.size();
  }
}
