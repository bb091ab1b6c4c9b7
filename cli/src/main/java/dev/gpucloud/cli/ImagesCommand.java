package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.ImagesApi;
import picocli.CommandLine.Command;

@Command(
    name = "images",
    mixinStandardHelpOptions = true,
    description = "What an instance can boot: by family the newest version, or one version.")
final class ImagesCommand extends ApiCommand {
  ImagesCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    print(api().list(ImagesApi.imageResourceList()), images -> table(images, terminal()));
    return ExitCode.OK;
  }

  static String table(JsonNode images, Terminal terminal) {
    Table table =
        new Table().left("FAMILY").left("VERSION").left("STATE").left("USER").left("DESCRIPTION");
    for (JsonNode image : images.path("items")) {
      String preferred = image.path("preferred").asBoolean() ? " (default)" : "";
      table.row(
          Fields.text(image, "family") + preferred,
          Fields.text(image, "version"),
          Fields.text(image, "state"),
          Fields.text(image, "loginUser"),
          Fields.text(image, "description"));
    }
    return table.render(terminal);
  }
}
