package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

@Command(
    name = "instance-types",
    mixinStandardHelpOptions = true,
    description = "What can be created: shape, list price (won per hour) and how many fit now.")
final class InstanceTypesCommand extends ApiCommand {
  InstanceTypesCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    print(InstanceTypes.list(api()), types -> table(types, terminal()));
    return ExitCode.OK;
  }

  static String table(JsonNode types, Terminal terminal) {
    Table table =
        new Table()
            .left("TYPE")
            .left("GPU MODEL")
            .right("GPUS")
            .left("MIG")
            .right("VCPUS")
            .right("MEMORY GIB")
            .right("KRW/HOUR")
            .right("FIT NOW");
    for (JsonNode type : types.path("items")) {
      table.row(
          Fields.text(type, "id"),
          Fields.text(type, "model"),
          type.path("gpus").asInt() == 0 ? Fields.NONE : Fields.text(type, "gpus"),
          Fields.text(type, "migProfile"),
          Fields.text(type, "vcpus"),
          Fields.text(type, "memoryGib"),
          InstanceTypes.hourly(type),
          InstanceTypes.fitNow(type));
    }
    return table.render(terminal);
  }
}
