package dev.gpucloud.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
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

  /** The roles at the tenant; there must be some, there or at a project. */
  List<String> atTenant() {
    if (roles.isEmpty() && projectRoles.isEmpty()) {
      throw new CliException(ExitCode.USAGE, "Give --role or --project-role.");
    }
    return roles.stream().map(RoleOptions::named).toList();
  }

  /** The roles at projects, null for none; {@code projectId} knows projects by their slugs. */
  @Nullable Map<String, List<String>> atProjects(UnaryOperator<String> projectId) {
    if (projectRoles.isEmpty()) {
      return null;
    }
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (String text : projectRoles) {
      String[] parts = text.split("=", 2);
      if (parts.length < 2) {
        throw new CliException(ExitCode.USAGE, "--project-role is PROJECT=ROLE, not " + text + ".");
      }
      all.computeIfAbsent(projectId.apply(parts[0]), id -> new ArrayList<>()).add(named(parts[1]));
    }
    return all;
  }

  /** A role as the API has it, however it was typed. */
  static String named(String role) {
    return role.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
