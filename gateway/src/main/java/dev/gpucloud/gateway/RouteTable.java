package dev.gpucloud.gateway;

import static dev.gpucloud.gateway.Upstream.BILLING;
import static dev.gpucloud.gateway.Upstream.INVENTORY;
import static dev.gpucloud.gateway.Upstream.TENANT;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which service owns which path of the public API: an allow-list read from the top, first match
 * wins. What is not listed does not exist outside, so a service's {@code /internal} and {@code /q}
 * stay inside by construction.
 */
final class RouteTable {
  static final String PREFIX = "/api/v1/";

  static final List<Route> ROUTES =
      List.of(
          Route.to(TENANT, "me"),
          Route.to(TENANT, "me/ssh-keys/**"),
          Route.to(TENANT, "me/grant-applications/**"),
          Route.to(TENANT, "me/grant-reviews"),
          Route.to(TENANT, "me/memberships/*"),
          Route.to(TENANT, "invitations/accept"),
          Route.to(TENANT, "projects/*/invitations/**"),
          Route.to(TENANT, "tenant-applications/**"),
          Route.to(TENANT, "admin/tenant-applications/**"),
          Route.to(TENANT, "admin/tenants/**"),
          Route.to(TENANT, "admin/quota-requests/**"),
          Route.to(TENANT, "admin/grant-calls/**"),
          Route.to(TENANT, "admin/grant-awards/**"),
          Route.to(TENANT, "admin/grant-applications/**"),
          Route.to(TENANT, "grant-calls/**"),
          Route.to(TENANT, "admin/directory"),
          Route.to(TENANT, "admin/imports/tenants"),
          Route.to(TENANT, "admin/audit/**"),
          Route.to(TENANT, "admin/notification-dispatches/**"),
          Route.to(INVENTORY, "admin/imports/fleet"),
          Route.to(INVENTORY, "admin/regions"),
          Route.to(INVENTORY, "admin/fabrics"),
          Route.to(INVENTORY, "admin/nvlink-domains"),
          Route.to(INVENTORY, "admin/instance-types/**"),
          Route.to(INVENTORY, "admin/sites/**"),
          Route.to(INVENTORY, "admin/halls/**"),
          Route.to(INVENTORY, "admin/racks/**"),
          Route.to(INVENTORY, "admin/hosts/**"),
          Route.to(INVENTORY, "admin/maintenance-windows/**"),
          Route.to(INVENTORY, "admin/faults/**"),
          Route.to(INVENTORY, "admin/fault-policies/**"),
          Route.to(INVENTORY, "admin/fault-breakers/**"),
          Route.to(INVENTORY, "admin/deliveries/**"),
          Route.to(INVENTORY, "admin/discrepancies/**"),
          Route.to(INVENTORY, "admin/gpus/**"),
          Route.to(INVENTORY, "admin/gpu-models/**"),
          Route.to(INVENTORY, "admin/images/**"),
          Route.to(INVENTORY, "images"),
          Route.to(INVENTORY, "tenants/*/quota-usage"),
          Route.to(BILLING, "tenants/*/usage"),
          Route.to(BILLING, "tenants/*/invoices/**"),
          Route.to(BILLING, "tenants/*/credit-balances"),
          Route.to(BILLING, "tenants/*/spend-budgets/**"),
          Route.to(TENANT, "tenants/**"),
          Route.to(INVENTORY, "instance-types/**"),
          Route.to(INVENTORY, "capacity"),
          Route.to(INVENTORY, "operations/*"),
          Route.to(INVENTORY, "projects/*/instances/**"),
          Route.to(INVENTORY, "projects/*/clusters/**"),
          Route.to(INVENTORY, "projects/*/volumes/**"),
          Route.to(INVENTORY, "projects/*/placements"),
          Route.to(BILLING, "projects/*/usage"),
          Route.to(BILLING, "prices/**"),
          Route.to(BILLING, "finance/imports/prices"),
          Route.to(BILLING, "finance/**"));

  /**
   * What could make two readers of one path disagree: dot segments, encoded separators, matrix
   * parameters, and letters, digits and marks that are encoded although they need not be (RFC 3986,
   * 2.3), which make many names of one place.
   */
  private static final Pattern AMBIGUOUS =
      Pattern.compile(
          "//|/\\.\\.?(/|$)|;|\\\\|%(00|2[5def]|3[0-9b]|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9ae])"
              + "|[^\\x21-\\x7e]",
          Pattern.CASE_INSENSITIVE);

  private static final Map<String, List<Route>> BY_FIRST =
      ROUTES.stream().collect(Collectors.groupingBy(route -> route.segments().getFirst()));

  private RouteTable() {}

  static boolean isAmbiguous(String rawPath) {
    return !isPlain(rawPath) && AMBIGUOUS.matcher(rawPath).find();
  }

  /** Nearly every path: letters, digits, hyphens and underscores between single slashes. */
  static boolean isPlain(String rawPath) {
    char before = ' ';
    for (int i = 0; i < rawPath.length(); i++) {
      char c = rawPath.charAt(i);
      boolean isWord =
          c >= 'a' && c <= 'z'
              || c >= '0' && c <= '9'
              || c >= 'A' && c <= 'Z'
              || c == '_'
              || c == '-';
      if (!isWord && (c != '/' || before == '/')) {
        return false;
      }
      before = c;
    }
    return true;
  }

  static Optional<Route> find(String rawPath) {
    if (!rawPath.startsWith(PREFIX)) {
      return Optional.empty();
    }
    List<String> segments = List.of(rawPath.substring(PREFIX.length()).split("/", -1));
    for (Route route : BY_FIRST.getOrDefault(segments.getFirst(), List.of())) {
      if (route.matches(segments)) {
        return Optional.of(route);
      }
    }
    return Optional.empty();
  }
}
