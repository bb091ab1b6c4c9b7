package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
    print(api().get("/me").body(), this::table);
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
    if (!me.path("memberships").isEmpty()) {
      Table table = new Table().left("TENANT").left("ROLES");
      for (JsonNode m : me.path("memberships")) {
        table.row(
            Fields.first(m, "tenant.slug", "tenantSlug", "slug", "tenant", "tenantId"),
            joined(m.path("roles")));
      }
      text.append('\n').append(table.render(terminal()));
    }
    return text.toString();
  }

  private static String joined(JsonNode values) {
    List<String> parts = new ArrayList<>();
    values.forEach(value -> parts.add(value.asText()));
    return parts.isEmpty() ? Fields.NONE : String.join(", ", parts);
  }
}
