package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import picocli.CommandLine.Command;

@Command(
    name = "profiles",
    mixinStandardHelpOptions = true,
    description = {
      "The logins that are stored here, each under the name that --profile takes.",
      "'gpucloud login --profile NAME' adds one, 'gpucloud logout --profile NAME' ends it."
    })
final class ProfilesCommand extends ApiCommand {
  private static final Columns COLUMNS =
      new Columns()
          .left("IN USE", row -> row.path("inUse").asBoolean() ? "*" : "")
          .text("PROFILE", "profile")
          .text("USER", "username")
          .text("SERVER", "server");

  ProfilesCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    ArrayNode items = Json.MAPPER.createArrayNode();
    connection()
        .store()
        .all()
        .forEach(
            (name, login) ->
                items
                    .addObject()
                    .put("profile", name)
                    .put("inUse", name.equals(connection().profile()))
                    .put("username", login.username())
                    .put("server", login.server()));
    return show(Json.object().set("items", items), COLUMNS);
  }
}
