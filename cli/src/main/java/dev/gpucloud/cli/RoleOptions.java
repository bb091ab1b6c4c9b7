package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** The options that say which roles somebody is to have, at the tenant and at its projects. */
final class RoleOptions {
  @Option(
      names = {"-r", "--role"},
      paramLabel = "ROLE",
      description = "At the tenant: OWNER, OPERATOR, VIEWER or BILLING_VIEWER; may be repeated.")
  private List<String> roles = List.of();

  @Option(
      names = "--project-role",
      paramLabel = "PROJECT=ROLE",
      description = "At one project, by its slug or id; may be repeated.")
  private List<String> projectRoles = List.of();

  /** Puts the roles, which must be some; {@code projectId} knows projects by their slugs. */
  void put(ObjectNode body, UnaryOperator<String> projectId) {
    if (roles.isEmpty() && projectRoles.isEmpty()) {
      throw new CliException(ExitCode.USAGE, "Give --role or --project-role.");
    }
    ArrayNode atTenant = body.putArray("roles");
    roles.forEach(role -> atTenant.add(named(role)));
    if (!projectRoles.isEmpty()) {
      ObjectNode atProjects = body.putObject("projectRoles");
      projectRoles.forEach(text -> add(atProjects, text, projectId));
    }
  }

  private static void add(ObjectNode atProjects, String text, UnaryOperator<String> projectId) {
    String[] parts = text.split("=", 2);
    if (parts.length < 2) {
      throw new CliException(ExitCode.USAGE, "--project-role is PROJECT=ROLE, not " + text + ".");
    }
    atProjects.withArray(projectId.apply(parts[0])).add(named(parts[1]));
  }

  /** A role as the API has it, however it was typed. */
  static String named(String role) {
    return role.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
