package dev.gpucloud.kit.audit;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names an act by its route, so that no endpoint is without a name: {@code POST
 * /api/v1/admin/hosts/{host}/cordon} is {@code admin.hosts.cordon}.
 */
public final class RouteNames {
  private static final Pattern ACCESS =
      Pattern.compile(".*(member|api-key|ssh-key|service-account|invitation|role).*");
  private static final Map<String, String> VERBS =
      Map.of(
          "GET", "read", "HEAD", "read", "POST", "create", "PUT", "set", "PATCH", "change",
          "DELETE", "delete");

  private RouteNames() {}

  /** The action of a route such as {@code PUT /api/v1/tenants/{tenant}/members/{subject}}. */
  public static String action(String route) {
    String method = method(route);
    List<String> nouns = nouns(route);
    boolean isAction = method.equals("POST") && nouns.size() > 1 && endsWithAction(route);
    String path = String.join(".", nouns);
    return isAction
        ? path
        : path + "." + VERBS.getOrDefault(method, method.toLowerCase(Locale.ROOT));
  }

  /** What is acted on: the last collection of the path, before an action's name. */
  static String targetType(String route) {
    List<String> nouns = nouns(route);
    int last = nouns.size() - 1;
    if (last > 0 && method(route).equals("POST") && endsWithAction(route)) {
      last--;
    }
    return last < 0 ? "service" : nouns.get(last);
  }

  /** The parameter that names what is acted on; empty when that is a whole collection. */
  static Optional<String> targetParameter(String route) {
    List<String> segments = segments(route);
    int last = segments.size() - (endsWithAction(route) ? 2 : 1);
    return last >= 0 && segments.get(last).startsWith("{")
        ? Optional.of(segments.get(last).replaceAll("[{}]|:.*", ""))
        : Optional.empty();
  }

  static AuditCategory category(String route) {
    return ACCESS.matcher(route).matches() ? AuditCategory.SECURITY : AuditCategory.CHANGE;
  }

  static String method(String route) {
    int space = route.indexOf(' ');
    return space < 0 ? "" : route.substring(0, space);
  }

  /** Whether the last word is an action's name: it stands behind an id and is no plural. */
  private static boolean endsWithAction(String route) {
    List<String> segments = segments(route);
    return segments.size() > 1
        && !segments.getLast().startsWith("{")
        && !segments.getLast().endsWith("s")
        && segments.get(segments.size() - 2).startsWith("{");
  }

  private static List<String> nouns(String route) {
    return segments(route).stream().filter(s -> !s.startsWith("{")).toList();
  }

  private static List<String> segments(String route) {
    String path = route.substring(route.indexOf(' ') + 1);
    return Arrays.stream(path.split("/"))
        .filter(s -> !s.isEmpty() && !s.equals("api") && !s.equals("v1"))
        .toList();
  }
}
