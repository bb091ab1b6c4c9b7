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
    text.append("user     ").append(Fields.first(me, "username", "name", "subject")).append('\n');
    text.append("subject  ").append(Fields.text(me, "subject")).append('\n');
    text.append("server   ").append(connection().server()).append('\n');
    if (!me.path("platformRoles").isEmpty()) {
      text.append("platform ").append(joined(me.path("platformRoles"))).append('\n');
    }
    if (me.hasNonNull("apiKey")) {
      text.append("API key  ").append(key(me.path("apiKey"))).append('\n');
    }
    if (!me.path("memberships").isEmpty()) {
      text.append('\n').append(roles(me.path("memberships")));
    }
    return text.toString();
  }

  private static String key(JsonNode key) {
    String projects = key.path("projects").isEmpty() ? "" : " in " + joined(key.path("projects"));
    return "%s (%s), at most %s%s"
        .formatted(
            Fields.text(key, "name"), Fields.text(key, "id"), joined(key.path("roles")), projects);
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
