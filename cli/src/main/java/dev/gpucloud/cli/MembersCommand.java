package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

@Command(
    name = "members",
    mixinStandardHelpOptions = true,
    description = "Who has which roles at a tenant and at its projects.")
final class MembersCommand extends TenantCommand {
  MembersCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    print(api().list(tenantPath() + "/members"), this::table);
    return ExitCode.OK;
  }

  private String table(JsonNode members) {
    Table table = new Table().left("USER").left("ROLES").left("SUBJECT");
    for (JsonNode member : members.path("items")) {
      table.row(
          Fields.text(member, "username"),
          TenantCommand.roles(member),
          Fields.text(member, "subject"));
    }
    return table.render(terminal());
  }
}
