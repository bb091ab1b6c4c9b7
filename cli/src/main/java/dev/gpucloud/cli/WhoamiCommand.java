package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.MeApi;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "whoami",
    mixinStandardHelpOptions = true,
    description = "Who is logged in, and with which roles.")
final class WhoamiCommand extends ApiCommand {
  private static final int NAMES_WIDE = 9;

  WhoamiCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    print(api().get(MeApi.meResourceMe()).body(), this::table);
    return ExitCode.OK;
  }

  private String table(JsonNode me) {
    StringBuilder text = new StringBuilder();
    text.append(line("user", Fields.first(me, "username", "name", "subject")));
    text.append(line("subject", Fields.text(me, "subject")));
    text.append(line("server", connection().server().toString()));
    if (!me.path("platformRoles").isEmpty()) {
      text.append(line("platform", joined(me.path("platformRoles"))));
    }
    if (me.hasNonNull("apiKey")) {
      text.append(line("API key", key(me.path("apiKey"))));
    }
    if (!me.path("memberships").isEmpty()) {
      text.append('\n').append(roles(me.path("memberships")));
    }
    return text.toString();
  }

  private String line(String name, String value) {
    String said = terminal().text(name);
    return said + " ".repeat(Math.max(1, NAMES_WIDE - TextWidth.of(said))) + value + "\n";
  }

  private String key(JsonNode key) {
    String projects = joined(key.path("projects"));
    String limits =
        terminal()
            .text(key.path("projects").isEmpty() ? "at most %s" : "at most %s in %s")
            .formatted(joined(key.path("roles")), projects);
    return "%s (%s), %s".formatted(Fields.text(key, "name"), Fields.text(key, "id"), limits);
  }

  private String roles(JsonNode memberships) {
    Table table = new Table().left("TENANT").left("PROJECT").left("ROLES");
    for (JsonNode m : memberships) {
      String tenant = Fields.first(m, "tenant.slug", "tenantSlug", "slug", "tenant", "tenantId");
      JsonNode ofProjects = m.path("projectRoles");
      if (!m.path("roles").isEmpty() || ofProjects.isEmpty()) {
        table.row(tenant, Fields.NONE, joined(m.path("roles")));
      }
      ofProjects
          .properties()
          .forEach(project -> table.row(tenant, project.getKey(), joined(project.getValue())));
    }
    return table.render(terminal());
  }

  private static String joined(JsonNode values) {
    List<String> parts = new ArrayList<>();
    values.forEach(value -> parts.add(value.asText()));
    return parts.isEmpty() ? Fields.NONE : String.join(", ", parts);
  }
}
