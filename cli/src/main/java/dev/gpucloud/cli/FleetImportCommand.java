package dev.gpucloud.cli;

import dev.gpucloud.client.api.FleetApi;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Bring sites, halls, deliveries, models and types to what a file declares.",
      "The same file again changes nothing."
    })
final class FleetImportCommand extends ApiCommand {
  @Parameters(
      paramLabel = "FILE",
      description = "YAML, JSON, or the hosts of deliveries as CSV (.csv).")
  private Path file = Path.of("");

  @Option(names = "--validate-only", description = "Only say what would change.")
  private boolean validateOnly;

  FleetImportCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    byte[] content = new WorkingFolder(context()).read(file);
    var call = FleetApi.fleetImportResourceRun().validateOnly(validateOnly ? true : null);
    return showAll(api().upload(call, content, type()).body());
  }

  private String type() {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".csv")
        ? "text/csv"
        : name.endsWith(".json") ? "application/json" : "application/yaml";
  }
}
