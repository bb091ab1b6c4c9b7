package dev.gpucloud.systemtests.examples;

import dev.gpucloud.contracts.access.Endpoint;
import dev.gpucloud.systemtests.examples.Declared.Operation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Who walks: people of the platform, and of a tenant of the scenario and its parent. */
final class Users {
  static final String TENANT = "sk-hynix";
  static final String PROJECT = "sk-hynix.fab-digital-twin";
  static final String ADMIN = "platform-admin";
  static final String FINANCE = "finance";
  static final String APPROVER = "approver";
  static final String OWNER = "sk-hynix-owner";
  static final String OPERATOR = "sk-hynix-operator";
  static final String VIEWER = "sk-hynix-viewer";
  static final String PARENT_OWNER = "sk-group-owner";

  /** Somebody with no tenant of their own, who asks for one. */
  static final String NEWCOMER = "auditor";

  private static final List<String> ANYBODY = List.of(ADMIN, FINANCE, OWNER, VIEWER);
  private static final Map<String, List<String>> OF_ROLE =
      Map.of(
          "platform-admin", List.of(ADMIN),
          "finance", List.of(FINANCE),
          "finance-approver", List.of(APPROVER),
          "auditor", List.of("auditor"),
          "owner", List.of(OWNER),
          "operator", List.of(OPERATOR),
          "viewer", List.of(VIEWER),
          "billing-viewer", List.of(OPERATOR),
          "everybody", ANYBODY,
          "anybody", ANYBODY);

  /** Who is shown something, where the table of access lets through more than that. */
  private static final Map<String, List<String>> CONCERNED =
      Map.of(
          "GET /api/v1/tenant-applications/{application}", List.of(NEWCOMER),
          "GET /api/v1/grant-calls/{call}/applications", List.of(APPROVER),
          "GET /api/v1/grant-calls/{call}/applications/{application}", List.of(APPROVER),
          "GET /api/v1/operations/{operation}", List.of(OWNER, OPERATOR, VIEWER),
          "GET /api/v1/tenants/{tenant}/api-keys/{key}", List.of(OWNER, OPERATOR));

  private static final Map<String, Set<String>> CALLERS =
      Endpoint.SERVICES.stream()
          .flatMap(service -> Endpoint.of(service).stream())
          .collect(Collectors.toMap(Endpoint::route, Endpoint::callers));

  private Users() {}

  /** One user of each kind that the table of access lets through. */
  static List<String> of(Operation operation) {
    List<String> concerned = CONCERNED.get(operation.toString());
    if (concerned != null) {
      return concerned;
    }
    Set<String> users = new TreeSet<>();
    CALLERS
        .getOrDefault(operation.toString(), Set.of("everybody"))
        .forEach(role -> users.addAll(OF_ROLE.getOrDefault(role, List.of())));
    return List.copyOf(users);
  }
}
